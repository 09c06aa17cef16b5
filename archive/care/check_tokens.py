"""Check of the time-stamps over heads: whether each is over the head that it was attached to."""

from archive.care.findings import Found, Level, Scope
from archive.model.wording import some_of
from archive.store.archive import Archive
from archive.store.seals import read_seals
from archive.store.tokens import Token, read_token_events, read_tokens, token_event
from archive.witness.timestamp import CannotTell, Stamp, StampError, imprint, read_stamp


def check_tokens(archive: Archive, scope: Scope) -> Found:
    """Every time-stamp is over the head of its seal; of a sample only the newest are read.  Signatures are not verified."""
    tokens = read_tokens(archive)
    heads = {seal.number: seal.head for seal in read_seals(archive)}
    for token in tokens[-scope.sample if scope.sample else 0 :]:
        what = f"the {token.hash} time-stamp of {token.stamped_at} over the head of seal {token.seal}"
        if token.seal not in heads:
            yield Level.FAULT, f"{what}, which is not there", _COMPARE
            continue
        try:
            stamp = read_stamp(token.answer)
            right = _says(stamp, token) and imprint(heads[token.seal], stamp.hash) == stamp.imprint
        except CannotTell as error:
            yield Level.OPEN, f"{what} cannot be read on this machine: {error}", "check it on another"
            continue
        except StampError as error:
            yield Level.FAULT, f"{what}: {error}", "attach the authority's answer again"
            continue
        if not right:
            yield (
                Level.FAULT,
                f"{what} is over something else: the seal or the time-stamp was changed",
                _COMPARE,
            )
    events = read_token_events(archive)
    told = [detail for _, detail in events]
    kept = [token_event(token) for token in tokens]
    for number, detail in events:
        if detail not in kept:
            what = f"seal_token: the {detail['hash']} time-stamp over the head of seal {detail['seal']} that event {number} tells of"
            yield (
                Level.FAULT,
                f"{what} is not there as it was attached",
                "attach the authority's answer again",
            )
    for token, said in zip(tokens, kept, strict=True):
        if said not in told:
            what = f"seal_token: no event tells of the time-stamp of {token.stamped_at} over the head of seal {token.seal}"
            yield Level.FAULT, f"{what}: no zhijiang seal attach wrote it", _COMPARE
    if tokens:
        over = some_of([str(number) for number in dict.fromkeys(token.seal for token in tokens)])
        newest = f"{tokens[-1].hash} of {tokens[-1].stamped_at}"
        what = f"{len(tokens)} time-stamps over the heads of seals {over}; the newest {newest}"
        yield Level.NOTE, what, "zhijiang seal prove writes a page under them"


_COMPARE = "compare with the head that was kept outside: zhijiang check --against HEAD"


def _says(stamp: Stamp, token: Token) -> bool:
    return (stamp.hash, stamp.stamped_at) == (token.hash, token.stamped_at)
