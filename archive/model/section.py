"""How an operator calls a section."""

import unicodedata


def is_section(typed: str, slug: str, name: str) -> bool:
    """Tell whether an operator means this section: by its slug, with or without the slashes at its ends, or its name.

    ``name``: "" where it is not known.
    """
    return (
        typed == slug or typed.strip("/") == slug.strip("/") or (name != "" and _plain(typed) == _plain(name))
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
