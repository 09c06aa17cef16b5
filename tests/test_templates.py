"""Every sample article on every page template: what is read is what a reader sees."""

import pytest

from tests.samples import SAMPLES, Sample
from tests.templates import TEMPLATES, Template, differences, expected
from zhijiang_spider.derive.article import ArticleParts, derive_article, read_part
from zhijiang_spider.pages import Page
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
    body = template.render(sample, BASE)
    page = Page(template.url(BASE), body, template.content_type, "2024-11-23T01:00:00Z")
    article = derive_article(ArticleParts("57", (read_part(page, site),)), site)
    return differences(article, expected(sample, template, BASE))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_page_is_read_as_a_reader_sees_it(template: Template, sample: Sample) -> None:
    assert read(template, sample) == []
