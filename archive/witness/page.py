"""存证单: the page that proves one version of one article under a head, to a stranger and without us."""

import base64
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from archive.model.article import Role
from archive.seal.heads import Seal, seal_data
from archive.seal.proof import Proof, Step, proof_of
from archive.store.archive import Archive
from archive.store.errors import ArchiveError
from archive.store.read import archive_title
from archive.store.seals import read_seals, sealed_version
from archive.store.tokens import Token, read_tokens
from archive.store.versions import VERSION_FIELDS, fields_json
from archive.times import local_time

_ALWAYS = (Role.REPORTER, Role.FIRST_REVIEW, Role.SECOND_REVIEW, Role.THIRD_REVIEW)
"""Roles that are told even where nobody is named."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is proved: one version of an article."""

    archive: str
    """What the archive is called."""
    article: dict[str, Any]
    version: dict[str, Any]
    proof: Proof
    tokens: Sequence[Token]
    """Over the head."""


def find_subject(archive: Archive, article_id: int, number: int, head: str | None = None) -> Subject:
    """Return a version and its way to a head: a given one; else the newest that has a token, else the newest.

    Raises ``ArchiveError``: no such version or head, not sealed, or the archive contradicts its seals.
    """
    article = _row(
        archive, "article_id, url, version, first_seen_at", "article WHERE article_id = ?", article_id
    )
    columns = f"number, seen_at, content_sha256, credits, {', '.join(VERSION_FIELDS)}"
    version = _row(
        archive, columns, "article_version WHERE article_id = ? AND number = ?", article_id, number
    )
    if not article or not version:
        raise ArchiveError(f"{archive.path}: article {article_id} has no version {number}")
    sealed = sealed_version(archive, article_id, number)
    if sealed is None:
        raise ArchiveError(
            f"{archive.path}: article {article_id}, version {number} is not under a seal yet; "
            "the next crawl seals what an older program wrote"
        )
    seals, tokens = read_seals(archive), read_tokens(archive)
    witness = _witness(archive, [seal for seal in seals if seal.number >= sealed.seal.number], tokens, head)
    proof = proof_of(sealed.data, sealed.leaves, sealed.index, sealed.seal, seals[: witness.number])
    if not proof.holds() or version["content_sha256"] not in sealed.data.decode():
        raise ArchiveError(
            f"{archive.path}: article {article_id}, version {number} is not what its seal says: "
            "something was changed by hand; zhijiang check tells what"
        )
    over = [token for token in tokens if token.seal == witness.number]
    return Subject(archive_title(archive), article, version, proof, over)


def _witness(archive: Archive, later: Sequence[Seal], tokens: Sequence[Token], head: str | None) -> Seal:
    """Choose the seal whose head is led to, among those that are not before the version's own."""
    if head is not None:
        found = [seal for seal in later if seal.head == head]
        if not found:
            raise ArchiveError(
                f"{archive.path}: {head} is no head of this archive since the version was sealed; "
                f"its first head over the version is {later[0].head}"
            )
        return found[0]
    stamped = {token.seal for token in tokens}
    return next((seal for seal in reversed(later) if seal.number in stamped), later[-1])


def _row(archive: Archive, columns: str, where: str, *values: int) -> dict[str, Any]:
    cursor = archive.connection.execute(f"SELECT {columns} FROM {where}", values)
    row = cursor.fetchone()
    return dict(zip((column[0] for column in cursor.description), row, strict=True)) if row else {}


def script() -> str:
    """Return the Python program that checks a page: standard library only, for a stranger."""
    return resources.files(__package__).joinpath("check.py.txt").read_text(encoding="utf-8")


def write_page(subject: Subject, told: Sequence[str], out: Path) -> None:
    """Write the page to a new file.  ``told``: when and where the head was told.  Raises ``OSError``."""
    from jinja2 import Environment, PackageLoader

    pages = Environment(
        loader=PackageLoader("archive", "witness"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters |= {
        "beijing": local_time,
        "way": _way,
        "hash_name": lambda name: {"sha256": "SHA-256", "sm3": "SM3"}.get(name, name),
        "base64": lambda data: base64.encodebytes(data).decode().strip(),
    }
    leaf, version = subject.proof.data.decode(), subject.version
    html = pages.get_template("page.html").render(
        archive=subject.archive,
        article=subject.article,
        version=version,
        text=version,
        roles=_roles(json.loads(version["credits"])),
        proof=subject.proof,
        tokens=subject.tokens,
        told=told,
        leaf=leaf,
        leaf_command=rf"printf '\000%s' {shlex.quote(leaf)} | sha256sum",
        seal=seal_data(subject.proof.seal).decode(),
        content=fields_json(version),
        script=script().rstrip("\n"),
    )
    out.write_text(html, encoding="utf-8", newline="\n")


def _way(steps: Sequence[Step]) -> str:
    return "\n".join(f"{'左' if step.left else '右'} {step.beside.hex()}" for step in steps)


def _roles(credits: Sequence[Sequence[Any]]) -> list[tuple[str, list[str]]]:
    """Return who is named in which role, those that are told even where nobody is named first."""
    named: dict[str, list[str]] = {role: [] for role in _ALWAYS}
    for _label, role, name, org in credits:
        shown = f"{name}（{org}）" if org else name
        if shown not in named.setdefault(role, []):
            named[role].append(shown)
    return list(named.items())
