"""What python-tuf's client objected to, as one of our refusal codes: one for each attack."""

from tuf.api import exceptions
from tuf.api.metadata import Metadata, Snapshot  # type: ignore[attr-defined]
from tuf.api.serialization import DeserializationError

from gateway.model.refusal import Refusal

UNREACHABLE = "directory.unreachable"
# In this order: the first kind that fits says the reason.
_KINDS: tuple[tuple[type[Exception], str, str], ...] = (
    (
        exceptions.DownloadLengthMismatchError,
        "directory.endless",
        "a file must not be longer than is listed or allowed",
    ),
    (exceptions.SlowRetrievalError, "directory.slow", "a file must arrive within its time"),
    (
        exceptions.DownloadError,
        UNREACHABLE,
        "the directory's server must answer with the file",
    ),
    (
        exceptions.ExpiredMetadataError,
        "directory.expired",
        "what is served must not have ended",
    ),
    (
        exceptions.UnsignedMetadataError,
        "directory.threshold",
        "enough keys of the role must have signed",
    ),
    (
        exceptions.LengthOrHashMismatchError,
        "directory.mixed",
        "a file must have the length and digest with which it is named",
    ),
    (DeserializationError, "directory.malformed", "metadata must be what the TUF format says"),
)


def refusal_of(error: Exception, last: str, served: bytes) -> Refusal:
    """Give the refusal for what the client raised.

    last, served: the file it asked for last, and what came.
    """
    for kind, code, rule in _KINDS:
        if isinstance(error, kind):
            return _refusal(code, rule, last)
    if isinstance(error, exceptions.BadVersionNumberError):
        return _version(last, served)
    if last.endswith(".snapshot.json") and _kind(served) == "snapshot":
        # A snapshot that leaves out what an earlier one named.
        return _rollback(last)
    rule = "metadata must be of the role under whose name it stands"
    return _refusal("directory.malformed", rule, last)


def _version(last: str, served: bytes) -> Refusal:
    number = last.partition(".")[0]
    if last == "timestamp.json":
        return _rollback(last)
    if last.endswith(".snapshot.json") and str(_number(served)) == number:
        return _rollback(last)
    return _refusal("directory.mixed", "metadata has the version that it stands under", last)


def _rollback(last: str) -> Refusal:
    return _refusal("directory.rollback", "no version that was seen may fall or vanish", last)


def _kind(served: bytes) -> str:
    try:
        return Metadata[Snapshot].from_bytes(served).signed.type
    except DeserializationError:
        return ""


def _number(served: bytes) -> int:
    try:
        return Metadata[Snapshot].from_bytes(served).signed.version
    except DeserializationError:
        return 0


def _refusal(code: str, rule: str, place: str) -> Refusal:
    return Refusal(code, step="follow", rule=rule, place=place)
