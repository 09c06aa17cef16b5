"""What is wrong with a query; here, for every command catches these and few read a query."""


class QueryError(ValueError):
    """A query that cannot be read: the position in it (from 0) and the reason, in Chinese for the reader.

    ``by_sign``: a sign may have been taken for more than was meant, so quotation marks can help.
    """

    def __init__(self, position: int, reason: str, *, by_sign: bool = True) -> None:
        super().__init__(f"第 {position + 1} 个字符：{reason}")
        self.position = position
        self.reason = reason
        self.by_sign = by_sign


class FormerUnsearchedError(QueryError):
    """A query that can be read and is not asked of former versions."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, f"没有查旧版本：{reason}")

    def __str__(self) -> str:
        """Return the reason: no character is to blame."""
        return self.reason


class SlowQueryError(RuntimeError):
    """A search that took too long and was stopped: what was too much and what to do, in Chinese for the reader."""
