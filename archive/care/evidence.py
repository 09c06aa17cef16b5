"""Lost evidence, in one sentence: for every command that needs it or would be silent about it."""

from archive.model.trouble import Trouble, TroubleKind
from archive.model.wording import plural
from archive.store.archive import Archive
from archive.store.evidence_files import lost_captures, lost_files

LOST = "Evidence is lost: of the WARC files in "
"""How the sentence begins."""
_MOST = 100
"""File names by which the same loss is known again."""


def lost_evidence(archive: Archive) -> list[Trouble]:
    """Return at most one trouble: how many WARC files are missing or too short, how many captures they held, what to do."""
    lost = lost_files(archive)
    if not lost:
        return []
    missing = sum(file.is_missing for file in lost)
    short = len(lost) - missing
    captures = lost_captures(archive, lost)
    kinds = [(missing, "cannot be found"), (short, f"end{plural(short, '', 's')} too early")]
    counted = " and ".join(f"{number} {kind}" for number, kind in kinds if number)
    said = (
        f"{LOST}{archive.warc_folder} {counted}, {captures} capture{plural(captures)}"
        f" refer{plural(captures, '', 's')} to them, the first is {lost[0].name}; restore them from a copy, zhijiang check names every one."
    )
    return [Trouble(TroubleKind.EVIDENCE, said, tuple(file.name for file in lost[:_MOST]))]
