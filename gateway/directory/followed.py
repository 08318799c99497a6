"""What following each directory has come to, kept beside the trust so that it outlives a restart.

`follow/<state>.json` in the trust folder: where the directory is served, when it was last asked and
last verified, and what went wrong since; `follow/<state>.left` when it is asked no more.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from gateway.directory.fetch import BoundedFetcher
from gateway.directory.follow import Source, follow
from gateway.directory.freshness import Standing, is_alarm, standing
from gateway.directory.trust_files import changed, replace_file
from gateway.model.instants import read_instant, write_instant
from gateway.model.refusal import Refusal
from gateway.proof.canonical import canonical_json
from gateway.proof.strict_json import parse


@dataclass(frozen=True, slots=True)
class Followed:
    """One state: its URL and the last round; instants as the formats write them, or empty.

    version, sha256, ends: of the newest verified state; failure, why, since: the refusal of the
    last round and when it began, empty when that went well.
    """

    state: str
    url: str
    checked: str = ""
    verified: str = ""
    version: int = 0
    sha256: str = ""
    ends: str = ""
    failure: str = ""
    why: str = ""
    since: str = ""

    def standing(self, at: datetime) -> Standing:
        """Tell how the directory stands; stale while it was never verified."""
        if not self.ends:
            return Standing.STALE
        return standing(read_instant(self.ends), self.failure, at)

    def alarm(self, at: datetime) -> bool:
        """Tell whether a person must look now."""
        return is_alarm(self.failure, self.standing(at))


def read_followed(trust: Path) -> dict[str, Followed]:
    """Give what is followed, by state; a file that cannot be read counts as not there."""
    found: dict[str, Followed] = {}
    for file in sorted((trust / "follow").glob("*.json")):
        try:
            one = Followed(**parse(file.read_bytes()))
        except (OSError, TypeError, Refusal):
            continue
        found[one.state] = one
    return found


def write_followed(trust: Path, one: Followed) -> None:
    """Keep it; when this returns, it survives power loss."""
    data = canonical_json(asdict(one))
    replace_file(trust / "follow" / f"{one.state.lower()}.json", data)


def leave(trust: Path, state: str) -> None:
    """Ask a followed state's directory no more, and remember that it has left."""
    file = trust / "follow" / f"{state.lower()}.json"
    file.replace(file.with_suffix(".left"))
    changed(trust)


def read_left(trust: Path) -> frozenset[str]:
    """Give the states that have left and were not followed anew since."""
    known = read_followed(trust)
    names = (file.stem.upper() for file in (trust / "follow").glob("*.left"))
    return frozenset(one for one in names if one not in known)


def sources(trust: Path, configured: Mapping[str, str]) -> list[Source]:
    """Give what to follow: the configured states, and those added at run time; settings win."""
    urls = {state: one.url for state, one in read_followed(trust).items()} | dict(configured)
    return [Source(state, url, trust) for state, url in sorted(urls.items())]


def follow_once(source: Source, fetcher: BoundedFetcher, *, at: datetime) -> Followed:
    """Ask one directory now and keep what came of it, good or bad."""
    old = read_followed(source.trust).get(source.state, Followed(source.state, source.url))
    now = write_instant(at)
    try:
        found = follow(source, fetcher)
    except Refusal as refusal:
        since = old.since if old.failure == refusal.code else now
        why = f"{refusal.rule} ({refusal.place})"
        new = replace(old, checked=now, failure=refusal.code, why=why, since=since)
    except OSError as error:
        since = old.since if old.failure == "trust.missing" else now
        why = f"the trust folder cannot be read or written ({type(error).__name__})"
        new = replace(old, checked=now, failure="trust.missing", why=why, since=since)
    else:
        ends = write_instant(found.ends["timestamp"])
        new = Followed(
            source.state, source.url, now, now, found.version, found.sha256, ends, "", "", ""
        )
    new = replace(new, url=source.url)
    write_followed(source.trust, new)
    if new.failure != old.failure:
        changed(source.trust)
    return new


def line(one: Followed, at: datetime) -> str:
    """Say how one directory stands, in one line for a person."""
    text = f"{one.state}  {one.standing(at)}  version {one.version or 'none'}"
    text += f"  good until {one.ends or 'never verified'}"
    if one.failure:
        text += f"  {one.failure} since {one.since}: {one.why}"
    return text
