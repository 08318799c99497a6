"""What the client objected to is told by one code; the table of attacks is in tests/oracles."""

import pytest
from tuf.api import exceptions

from gateway.directory.failure import refusal_of

CASES = [
    (exceptions.DownloadLengthMismatchError("x"), "timestamp.json", "directory.endless"),
    (exceptions.SlowRetrievalError("x"), "timestamp.json", "directory.slow"),
    (exceptions.DownloadHTTPError("x", 500), "timestamp.json", "directory.unreachable"),
    (exceptions.ExpiredMetadataError("x"), "timestamp.json", "directory.expired"),
    (exceptions.UnsignedMetadataError("x"), "2.targets.json", "directory.threshold"),
    (exceptions.BadVersionNumberError("x"), "timestamp.json", "directory.rollback"),
    (exceptions.BadVersionNumberError("x"), "2.targets.json", "directory.mixed"),
    (exceptions.RepositoryError("x"), "2.ops.json", "directory.malformed"),
]


@pytest.mark.parametrize(("error", "last", "code"), CASES)
def test_each_objection_has_its_code(error: Exception, last: str, code: str) -> None:
    assert refusal_of(error, last, b"").code == code
