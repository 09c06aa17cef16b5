"""Libraries that only some people need: what is said where one is not installed."""


class ExtraMissing(Exception):
    """An optional library is not installed: says what needs it and how to install it.

    The way is the README's, from the project's own folder: its name alone may be another's on a package index.
    """

    def __init__(self, what: str, library: str, extra: str) -> None:
        super().__init__(
            f"{what} needs {library}, which is not installed: pip install '.[{extra}]' in the project's folder"
        )
