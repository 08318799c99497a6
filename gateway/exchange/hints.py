"""What a partner's message shows of the directories it knows (evidence-log section 8).

It names a version we have not seen: we are behind, the item is to be sent again, and the worker
asks the directory at once. It names a lower one than it had named before: an alarm.
"""

from collections.abc import Sequence
from datetime import timedelta

from gateway.exchange.office import Office
from gateway.model.instants import read_instant
from gateway.model.refusal import Refusal
from gateway.proof.header import Header
from gateway.store.connection import Turn
from gateway.store.directory_rows import Seen, put_seen, seen

# The processes of one gateway read a new directory within this time of one another.
SETTLING = timedelta(minutes=10)


def require_known(office: Office, header: Header) -> None:
    """Refuse `directory.behind` once the message names a directory version above ours.

    Refuses `directory.version-reused` when it names our version with other bytes.
    """
    rises, other = [], False
    for named in header.members["directory"]:
        directory = office.trust.directories.get(named["state"])
        if directory is None:
            continue
        if named["snapshotVersion"] > directory.version:
            rises.append(named["state"])
        elif named["snapshotVersion"] == directory.version:
            other = other or named["sha256"] != directory.sha256
    if rises:
        with office.store.write(office.log(header.direction.origin)) as turn:
            note_seen(turn, [header])
        raise Refusal(
            "directory.behind",
            step="verify",
            rule="this gateway is fetching the directory that the message names; send it again",
            place=",".join(rises),
        )
    if other:
        raise Refusal(
            "directory.version-reused",
            step="verify",
            rule="two gateways must see the same bytes under one directory version",
            place="directory",
        )


def note_seen(turn: Turn, headers: Sequence[Header]) -> None:
    """Remember, in the writer's turn, which versions each message's origin knew.

    What messages of one batch name alike is noted once.
    """
    named = {
        (header.direction.origin, str(one["state"]), int(one["snapshotVersion"])): str(
            header.members["createdAt"]
        )
        for header in headers
        for one in header.members["directory"]
    }
    for (partner, state, version), at in named.items():
        old = seen(turn, partner, state)
        if old is None or version > old.version:
            put_seen(turn, partner, state, Seen(version, at, old.fell if old else 0))
        elif version < old.version and read_instant(at) > read_instant(old.at) + SETTLING:
            put_seen(turn, partner, state, Seen(old.version, old.at, old.fell + 1))
