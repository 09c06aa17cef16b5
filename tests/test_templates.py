"""Every sample article on every page template: what is read is what a reader sees."""

from dataclasses import replace

import pytest

from tests.samples import SAMPLES, Sample
from tests.templates import TEMPLATES, Template, differences, expected
from zhijiang_spider.derive.normalise import normalise_article
from zhijiang_spider.pages import extract_article, read_page
from zhijiang_spider.sites.site import parse_site

BASE = "http://127.0.0.1:8000"


def read(template: Template, sample: Sample) -> list[str]:
    """Put a sample on a template, read the page, and return the differences."""
    site = parse_site(
        {
            "name": "yunting",
            "hosts": ["127.0.0.1:8000"],
            "start_urls": [f"{BASE}/"],
            "article_url": template.article_url,
        },
        "yunting.toml",
    )
    page = read_page(template.render(sample, BASE), template.content_type)
    raw = extract_article(page, template.url(BASE), site)
    article = normalise_article(replace(raw, key="57", fetched_at="2024-11-23T01:00:00Z"), site)
    return differences(article, expected(sample, template, BASE))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_page_is_read_as_a_reader_sees_it(template: Template, sample: Sample) -> None:
    assert read(template, sample) == []
