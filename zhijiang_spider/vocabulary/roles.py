"""The labels of credits and what they mean.

Words are simplified; text is made simplified before it is compared with them (``text.characters``).
"""

from archive.model.article import Role
from zhijiang_spider.vocabulary import read_subject, words

ROLES: dict[str, Role] = {role.value: role for role in Role if role is not Role.OTHER} | {
    label: Role[name] for name, group in read_subject("roles").items() for label in group
}
"""Label → meaning; a role's own term is a label too.  A composed label (全媒体记者, 栏目编辑) means what its ending means."""

ENGLISH: dict[str, Role] = {
    label: Role[name] for name, group in read_subject("english").items() if name.isupper() for label in group
}
"""English label, lower case → meaning."""

TITLES = frozenset(words("credits.titles"))
"""Labels that say what a person *is*: they follow the name of an outlet (某报记者), stand glued between
names, and may stand inside another credit (采写：某报记者 某某)."""

POSTFIX = frozenset(words("credits.postfix"))
"""Labels that may stand after the name: 某某 摄."""

SINGLE = frozenset(words("credits.single"))
"""Labels of one character: also surnames or parts of names, so accepted only where nothing else fits."""

SOURCES = frozenset({Role.SOURCE, Role.COPY_SUPPLIER, Role.PRESENTED_BY, Role.PICTURE_SUPPLIER, Role.POSTER})
"""Roles whose value is usually an outlet, a unit or an account, not a person."""
