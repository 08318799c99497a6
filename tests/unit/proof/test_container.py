"""The ASiC-E container: deterministic, and refused in every shape of evidence-log 6.3, 1 to 9."""

import io
import zipfile
from collections.abc import Callable

import pytest

from gateway.model.refusal import Refusal
from gateway.proof.container import (
    MANIFEST,
    MIMETYPE,
    SIGNATURES,
    pack,
    read_container,
    signature_of,
    write_container,
)
from gateway.proof.xml_signature import verify_files
from tests.support.pki import AT, key

EXPORTER = key("KZ", "evidence")
FILES = {"bundle.json": b"{}", "exchange/header.json": b'{"a":1}'}


def zipped(names: list[str], *, method: int = zipfile.ZIP_STORED, first: bytes = MIMETYPE) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at, name in enumerate(names):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, first if at == 0 else b"x")
    return out.getvalue()


def bomb() -> bytes:
    return pack({"a": b"0" * 10_000_000})


def lying() -> bytes:
    data = bytearray(pack(FILES))
    at = data.index(b"PK\x03\x04", 4)
    data[at + 14] ^= 1
    return bytes(data)


def doubled() -> bytes:
    return pack({"a.txt": b"1", "b.txt": b"2"}).replace(b"b.txt", b"a.txt")


def test_what_was_packed_is_read() -> None:
    files = read_container(write_container(FILES, EXPORTER, at=AT))
    assert {name: files[name] for name in FILES} == FILES


def test_the_exporters_signature_covers_every_file() -> None:
    files = read_container(write_container(FILES, EXPORTER, at=AT))
    signature = signature_of(files)
    covered = {name: data for name, data in files.items() if name != SIGNATURES}
    proved = verify_files(signature, covered, {EXPORTER.thumbprint: EXPORTER.certificate})
    assert proved.digests.keys() == {*FILES, MANIFEST}


def test_the_same_files_pack_to_the_same_bytes() -> None:
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


def test_the_media_type_stands_at_byte_38() -> None:
    assert pack(FILES)[38:].startswith(MIMETYPE)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: zipped(["a", "mimetype"]), "container.mimetype"),
        (lambda: zipped(["mimetype"], method=zipfile.ZIP_DEFLATED), "container.mimetype"),
        (lambda: zipped(["mimetype"], first=b"application/zip"), "container.mimetype"),
        (doubled, "container.unreadable"),
        (lying, "container.unreadable"),
        (lambda: zipped(["mimetype", "../a"]), "container.unreadable"),
        (lambda: zipped(["mimetype", "/a"]), "container.unreadable"),
        (lambda: zipped(["mimetype", "A", "a"]), "container.unreadable"),
        (bomb, "container.limits"),
        (lambda: pack(FILES)[:-30], "container.unreadable"),
        (lambda: pack(FILES) + b"x", "container.unreadable"),
        (lambda: b"", "container.mimetype"),
    ],
    ids=[
        "1 mimetype not first",
        "2 mimetype deflated",
        "3 wrong mimetype",
        "4 two entries of one name",
        "5 local header differs",
        "6 path leads out",
        "6 absolute path",
        "4 names equal but for case",
        "7 bomb",
        "8 truncated",
        "9 data after the end",
        "empty",
    ],
)
def test_a_container_of_another_shape_is_refused(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_container(make())
    assert refused.value.code == code
