"""Conditions → SQL over the index and the tables."""

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.search.fold import fold
from archive.search.language import (
    FORMER_ROLES,
    Condition,
    Dates,
    Query,
    Term,
    by_title,
    parse_query,
    without_former,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A query as SQL.  The text is put together from constants; values are parameters only."""

    terms: tuple[Term, ...]
    wanted: tuple[tuple[Term, ...], ...]
    """What the index is asked for, a clause each: what hits are weighed by."""
    match: str | None
    """What the index is asked, None where it is not needed."""
    conditions: tuple[str, ...]
    """What else must hold of an article: of its number, ``{id}``, or of its row, ``article AS a``."""
    values: tuple[str | int, ...]
    """Of ``match`` and ``conditions``."""
    restricted: "Plan | None" = None
    """What finds articles of which readers see no more than title and date; this plan leaves them out then."""

    @property
    def is_one_clause(self) -> bool:
        """The index alone answers, and any one of some words is all that it is asked for."""
        is_plain = not self.conditions and self.restricted is None and self.match == _match(self.wanted)
        return is_plain and len(self.wanted) == 1

    @property
    def parameters(self) -> tuple[str | int, ...]:
        """The parameters of ``hits``."""
        return (*self.values, *(self.restricted.values if self.restricted else ()))

    def hits(self) -> str:
        """Return the SELECT of (article_id) of all hits."""
        plans = (self, self.restricted) if self.restricted else (self,)
        return " UNION ALL ".join(plan._hits() for plan in plans)

    def _hits(self) -> str:
        conditions = " AND ".join(self.conditions)
        if self.match is None and len(self.conditions) == 1 and " UNION " in conditions:
            numbers = conditions.removeprefix(_BEGINNING).removesuffix(")")
            return f"SELECT hit.article_id FROM (SELECT NULL AS article_id WHERE 0 UNION SELECT {numbers}) AS hit"
        if self.match is None:
            return f"SELECT a.article_id AS article_id FROM article AS a WHERE {conditions.format(id='a.article_id')}"
        reads_rows = re.search(r"\ba\.", conditions)  # most conditions need no more than the number
        join = " JOIN article AS a ON a.article_id = article_fts.rowid" if reads_rows else ""
        # + keeps SQLite from asking the index once for each number of a condition
        rest = f" AND {conditions.format(id='+article_fts.rowid')}" if conditions else ""
        return (
            f"SELECT article_fts.rowid AS article_id FROM article_fts{join} WHERE article_fts MATCH ?{rest}"
        )


def make_plan(connection: sqlite3.Connection, query: str | Query, as_of: int | None = None) -> Plan:
    """Give the index what it can answer by itself, and the rest to the table.

    Where the connection withholds restricted articles they are asked for by what is shown of them, or one could tell
    from the hits what is in the rest.
    """
    query = parse_query(query) if isinstance(query, str) else query
    if former := without_former(query):
        from archive.search.former import found_only_before  # here: it asks for plans, too

        numbers = json.dumps(found_only_before(connection, former))
        plan = _plan(connection, Query(()), as_of, f"{{id}} IN {LIST}")
        return replace(plan, terms=query.terms, values=(numbers, *plan.values))
    if not withholds(connection):
        return _plan(connection, query, as_of)
    from archive.model.access import VIEW  # here: what lists the commands needs none of it

    numbers = f"(SELECT article_id FROM {VIEW})"
    shown = by_title(query)
    return replace(
        _plan(connection, query, as_of, f"{{id}} NOT IN {numbers}"),
        restricted=None if shown is None else _plan(connection, shown, as_of, f"{{id}} IN {numbers}"),
    )


def withholds(connection: sqlite3.Connection) -> bool:
    """Tell whether a connection shows title and date only of some articles; see ``archive.store.access``."""
    from archive.model.access import VIEW

    sql = "SELECT EXISTS (SELECT 1 FROM sqlite_temp_master WHERE name = ?)"
    return bool(connection.execute(sql, (VIEW,)).fetchone()[0])


def _plan(connection: sqlite3.Connection, query: Query, as_of: int | None, *also: str) -> Plan:
    wanted: list[tuple[Term, ...]] = []
    unwanted, rest = [], []
    for clause in query.clauses:
        if all(isinstance(condition, Term) and not condition.negated for condition in clause):
            wanted.append(tuple(condition for condition in clause if isinstance(condition, Term)))
        elif len(clause) == 1 and isinstance(clause[0], Term):
            unwanted.append(clause)
        else:
            rest.append(clause)
    match = None
    if wanted:
        match = _match(wanted)
        if unwanted:
            match = f"({match}) NOT ({' OR '.join(map(phrases, unwanted))})"
    else:
        rest += unwanted
    conditions: list[str] = [*also]
    parameters: list[str | int] = [] if match is None else [match]
    for clause in rest:
        parts = [condition_sql(connection, condition) for condition in clause]
        conditions.append(_either([sql for sql, _ in parts]))
        parameters += [value for _, values in parts for value in values]
    if as_of is not None:
        conditions.append("{id} <= ?")
        parameters.append(as_of)
    return Plan(query.terms, tuple(wanted), match, tuple(conditions), tuple(parameters))


def _match(wanted: Sequence[Sequence[Term]]) -> str:
    return " AND ".join(map(phrases, wanted))


_BEGINNING = "{id} IN (SELECT "


def _either(conditions: Sequence[str]) -> str:
    """Return a condition: one of these holds.  Numbers are put together: SQLite would look up each one's row."""
    if len(conditions) > 1 and all(condition.startswith(_BEGINNING) for condition in conditions):
        numbers = " UNION SELECT ".join(
            condition.removeprefix(_BEGINNING).removesuffix(")") for condition in conditions
        )
        return f"{_BEGINNING}{numbers})"
    return f"({' OR '.join(conditions)})"


def phrases(clause: Sequence[Condition]) -> str:
    """Return what FTS5 is asked for one of these terms, signs of negation left aside."""
    return f"({' OR '.join(phrase(term) for term in clause if isinstance(term, Term))})"


def phrase(term: Term) -> str:
    """Return what FTS5 is asked for a term, its sign of negation left aside."""
    columns = f"{{{' '.join(term.columns)}}} : " if term.columns else ""
    characters = " ".join(term.text).replace('"', '""')
    return f'{columns}"{characters}"'


def condition_sql(connection: sqlite3.Connection, condition: Condition) -> tuple[str, list[str | int]]:
    """Return a condition on ``{id}`` or ``article AS a`` and its parameters."""
    sql, parameters = _positive(connection, condition)
    return (f"NOT coalesce({sql}, 0)" if condition.negated else sql), parameters


def _positive(connection: sqlite3.Connection, condition: Condition) -> tuple[str, list[str | int]]:
    if isinstance(condition, Term):
        return "{id} IN (SELECT rowid FROM article_fts WHERE article_fts MATCH ?)", [phrase(condition)]
    if isinstance(condition, Dates):
        return (
            "{id} IN (SELECT article_id FROM article WHERE published_on BETWEEN ? AND ?)",
            [condition.first or "0000", condition.last or "9999-99-99"],
        )
    if condition.field == "状态":
        return "a.status = ?", [condition.value]
    if condition.field == "类型":
        return "a.kind = ?", [condition.value]
    if condition.field == "图片":
        pictured = "EXISTS (SELECT 1 FROM image AS i WHERE i.article_id = {id})"
        return pictured if condition.value == "有" else f"NOT {pictured}", []
    if condition.field == "来源":
        return f"a.source IN {LIST}", [spellings(connection, "article", "source", condition.value)]
    if condition.field == "栏目":
        return (
            f"{{id}} IN (SELECT t.article_id FROM _in_section AS t WHERE t.name IN {LIST})",
            [spellings(connection, "_in_section", "name", condition.value)],
        )
    if (former := FORMER_ROLES.get(condition.field)) is not None:
        return (
            f"{{id}} IN (SELECT article_id FROM _former_credit WHERE ? IN ('', role) AND name IN {LIST})",
            [former, spellings(connection, "_former_credit", "name", condition.value)],
        )
    names = spellings(connection, "credit", "name", condition.value)
    if condition.field == "姓名":
        return f"{{id}} IN (SELECT article_id FROM credit WHERE name IN {LIST})", [names]
    return (
        f"{{id}} IN (SELECT article_id FROM credit WHERE role = ? AND name IN {LIST})",
        [condition.field, names],
    )


LIST = "(SELECT value FROM json_each(?))"
"""Values that are given as one parameter, a JSON array."""


def spellings(connection: sqlite3.Connection, table: str, column: str, folded: str) -> str:
    """Return the values of a column that count as this one, as a JSON array."""
    found = [value for value in column_values(connection, table, column) if fold(value) == folded]
    return json.dumps(found, ensure_ascii=False)


def column_values(connection: sqlite3.Connection, table: str, column: str) -> list[str]:
    """Return the different values of a text column in their order.

    Walks from value to value along the column's index: as many steps as there are different values.  Where some of an
    article's are withheld, what readers see of them has no index.
    """
    if table == "article" and withholds(connection):
        values = connection.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"
        )
        return [value for (value,) in values]
    values = connection.execute(
        f"""WITH RECURSIVE v(value) AS (SELECT min({column}) FROM {table} UNION ALL
              SELECT (SELECT min({column}) FROM {table} WHERE {column} > value) FROM v WHERE value IS NOT NULL)
            SELECT value FROM v WHERE value IS NOT NULL"""
    )
    return [value for (value,) in values]
