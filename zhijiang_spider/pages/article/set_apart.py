"""What only a style sets apart in a line: tools of the page behind credits, and labels from their values."""

from zhijiang_spider.pages.boilerplate import is_button, is_empty_label
from zhijiang_spider.pages.header import is_label
from zhijiang_spider.pages.seen import GAP

_AROUND_TOOLS = " \u3000[]【】()（）|｜/·"
_BEFORE_TOOLS = " \u3000[【(（|｜/·" + GAP
_LEAST_PAIRS = 2
"""Pairs of label and value that make a line one of pairs."""
_LONGEST_LABEL = 8


def without_tools(marked: str) -> str:
    """Return a line without the page's tools at its end: ``编辑：某某 [打印] [关闭窗口]``."""
    parts = marked.split(GAP)
    end = len(parts)
    for number in range(len(parts) - 1, 0, -1):
        word = parts[number].strip(_AROUND_TOOLS)
        if word and not is_button(word):
            break
        end = number if word else end
    return GAP.join(parts[:end]).rstrip(_BEFORE_TOOLS) if end < len(parts) else marked


def of_pairs(marked: str) -> str:
    """Return a line of labels and values in turn with colons, 编辑：某某　监制：某某; any other as it is."""
    parts = [part.strip() for part in marked.split(GAP)]
    labels, values = parts[::2], parts[1::2]
    if len(labels) < _LEAST_PAIRS or len(values) != len(labels) or not all(map(_is_label, labels)):
        return marked
    if any(not value or _is_label(value) for value in values):
        return marked
    return "\u3000".join(f"{label}：{value}" for label, value in zip(labels, values, strict=True))


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and (is_label(text) or is_empty_label(f"{text}："))
