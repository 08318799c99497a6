"""The evidence container: ASiC-E with XAdES, written deterministically and read strictly.

EN 319 162-1 section 4.4.3; evidence-log 6.1: `mimetype` first and stored, names sorted, fixed
times, no encryption, comments, ZIP64, duplicate names, paths outside, at most 500 entries and
100 MB, ratio at most 100.
"""

import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

from gateway.model.refusal import Refusal
from gateway.proof.keys import CertifiedKey
from gateway.proof.xml_signature import sign_files

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
SIGNATURES = "META-INF/signatures001.xml"
MANIFEST = "META-INF/manifest.xml"
MOST_ENTRIES = 500
LARGEST = 100 * 1024 * 1024
HIGHEST_RATIO = 100
_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_FIXED = (1980, 1, 1, 0, 0, 0)
_LOCAL = struct.Struct("<4s5H3L2H")


def write_container(files: Mapping[str, bytes], key: CertifiedKey, *, at: datetime) -> bytes:
    """Sign and pack the files; the same inputs give the same names, order and times.

    The signature covers every file but `mimetype` and itself.
    """
    covered = {**files, MANIFEST: _manifest(files)}
    signature = (
        f'<asic:XAdESSignatures xmlns:asic="{_ASIC}">'.encode()
        + sign_files(covered, key, at=at)
        + b"</asic:XAdESSignatures>"
    )
    return pack({**covered, SIGNATURES: signature})


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files behind `mimetype`, sorted by name, with fixed times; signs nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(_entry("mimetype", zipfile.ZIP_STORED), MIMETYPE)
        for name, data in sorted(files.items()):
            archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), data)
    return out.getvalue()


def read_container(data: bytes) -> dict[str, bytes]:
    """Give every file but `mimetype` by its name. Refuses `container.*`; verifies nothing."""
    if len(data) > LARGEST:
        raise _limits("a container has at most 100 MB")
    _require_start(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _require_layout(data, archive, entries)
            return {one.filename: archive.read(one) for one in entries[1:]}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error):
        raise _unreadable("the container must be a whole, well-formed ZIP file") from None
    except (UnicodeDecodeError, ValueError, OSError):
        raise _unreadable("the container must be a whole, well-formed ZIP file") from None


def signature_of(files: Mapping[str, bytes]) -> bytes:
    """Give the one signature element of a read container. Refuses `container.unreadable`."""
    wrapped = files.get(SIGNATURES, b"")
    start = f'<asic:XAdESSignatures xmlns:asic="{_ASIC}">'.encode()
    end = b"</asic:XAdESSignatures>"
    if not wrapped.startswith(start) or not wrapped.endswith(end):
        raise _unreadable("META-INF/signatures001.xml holds the exporter's signature")
    return wrapped[len(start) : -len(end)]


def _require_start(data: bytes) -> None:
    # EN 319 162-1 A.1: a stored mimetype without extra field, so that byte 38 starts its text.
    start = b"PK\x03\x04"
    if data[:4] != start or data[30:38] != b"mimetype" or data[26:30] != b"\x08\x00\x00\x00":
        raise _mimetype("the first entry is mimetype, without an extra field")
    if data[8:10] != b"\x00\x00" or data[6:8] != b"\x00\x00":
        raise _mimetype("mimetype is stored, not compressed, without a data descriptor")
    if data[38 : 38 + len(MIMETYPE)] != MIMETYPE or data[38 + len(MIMETYPE) :][:2] != b"PK":
        raise _mimetype("the media type is application/vnd.etsi.asic-e+zip")


def _require_layout(data: bytes, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in entries]
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > LARGEST:
        raise _limits("a container has at most 500 entries and 100 MB unpacked")
    if len({name.lower() for name in names}) != len(names):
        raise _unreadable("each name stands once")
    if archive.comment or len(data) != data.rfind(b"PK\x05\x06") + 22:
        raise _unreadable("nothing stands behind the end record")
    expected = 0
    for one in entries:
        _require_entry(one)
        expected = _require_local(data, one, expected)
    if expected != archive.start_dir:
        raise _unreadable("nothing stands between the entries and their directory")


def _require_entry(one: zipfile.ZipInfo) -> None:
    parts = one.filename.split("/")
    safe = one.filename.isascii() and "\\" not in one.filename and one.orig_filename == one.filename
    if not safe or any(part in {"", ".", ".."} for part in parts):
        raise _unreadable("names are relative paths of plain characters, without ..")
    if one.flag_bits or one.comment or one.extra or one.external_attr >> 28 == 0xA:
        raise _unreadable("entries are plain files: no encryption, comments, extras, links")
    if one.file_size > HIGHEST_RATIO * max(one.compress_size, 1):
        raise _limits("an entry unpacks to at most 100 times its size")


def _require_local(data: bytes, one: zipfile.ZipInfo, expected: int) -> int:
    fields = _LOCAL.unpack_from(data, one.header_offset)
    size: int = fields[9]
    name = data[one.header_offset + 30 : one.header_offset + 30 + size]
    own = (fields[2], fields[3], fields[6], fields[7], fields[8], fields[10])
    central = (0, one.compress_type, one.CRC, one.compress_size, one.file_size, 0)
    if one.header_offset != expected or own != central or name != one.filename.encode():
        raise _unreadable("each local header equals its entry in the directory")
    return expected + 30 + size + int(one.compress_size)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    lines = "".join(
        f"<manifest:file-entry manifest:full-path={quoteattr(name)} "
        f'manifest:media-type="application/octet-stream"/>'
        for name in sorted(files)
    )
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="{space}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE.decode()}"/>'
    )
    return f"{head}{lines}</manifest:manifest>".encode()


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIXED)
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    return info


def _mimetype(rule: str) -> Refusal:
    return Refusal("container.mimetype", step="verify", rule=rule, place="mimetype")


def _limits(rule: str) -> Refusal:
    return Refusal("container.limits", step="verify", rule=rule, place="container")


def _unreadable(rule: str) -> Refusal:
    return Refusal("container.unreadable", step="verify", rule=rule, place="container")
