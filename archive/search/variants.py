"""Traditional and simplified characters: a query that also finds the other script's spelling.

Off unless asked for: they are different characters, and a conversion guesses (发 is 發 or 髮).  The
conversion is OpenCC's, the extra ``variants``.
"""

from dataclasses import replace

from archive.extras import ExtraMissing
from archive.search.fold import fold
from archive.search.language import Condition, Query, Term


def with_variants(query: Query) -> Query:
    """Return the query with the traditional and simplified spellings of each word.

    A word finds any of its spellings; a word to leave out leaves out all of them.  Raises ``ExtraMissing``.
    """
    try:
        from opencc import OpenCC
    except ImportError:
        raise ExtraMissing("--variants", "OpenCC", "variants") from None
    converters = [OpenCC(name) for name in ("s2t", "t2s")]

    def spellings(term: Term) -> list[Term]:
        texts = dict.fromkeys([term.text, *(fold(converter.convert(term.text)) for converter in converters)])
        return [replace(term, text=text) for text in texts]

    clauses: list[tuple[Condition, ...]] = []
    for clause in query.clauses:
        if len(clause) == 1 and isinstance(clause[0], Term) and clause[0].negated:
            clauses += [(term,) for term in spellings(clause[0])]
        else:
            clauses.append(
                tuple(
                    one
                    for condition in clause
                    for one in (
                        spellings(condition)
                        if isinstance(condition, Term) and not condition.negated
                        else [condition]
                    )
                )
            )
    return Query(tuple(clauses))
