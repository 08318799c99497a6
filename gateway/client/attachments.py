"""Bring attachments to the gateway and fetch received ones, in pieces; both go on where cut off."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from gateway.client.client import AnsweredError, told
from gateway.delivery.link import Link
from gateway.proof.canonical import canonical_json
from gateway.proof.commitment import commit_digest


def upload(link: Link, file: Path, name: str = "") -> str:
    """Bring a file; gives the id that `submit(attachments=[…])` names.

    name: the id of one that was cut off, which is gone on with.
    """
    if not name:
        body = canonical_json({"name": file.name, "size": file.stat().st_size})
        name = str(told(link.post("/v1/attachments", body, "application/json"))["attachment"])
    stands = told(link.get(f"/v1/attachments/{name}"))
    got, size = int(stands["got"]), int(stands["size"])
    with file.open("rb") as octets:
        octets.seek(got)
        while got < size:
            target = f"/v1/attachments/piece?attachment={name}&offset={got}"
            some = octets.read(PIECE)
            got = int(told(link.post(target, some, "application/octet-stream"))["got"])
    return name


def received(link: Link, x: str) -> list[dict[str, Any]]:
    """List a received record's attachments; `state` is coming, here, wrong, or gone."""
    found: list[dict[str, Any]] = told(link.get(f"/v1/inbox/{x}/attachments"))["items"]
    return found


def download(link: Link, x: str, item: dict[str, Any], file: Path) -> None:
    """Fetch one attachment, behind what of it is in the file; check it against its commitment.

    AnsweredError while it is not here; ValueError when the octets are not those committed to.
    """
    with file.open("ab") as out:
        while out.tell() < item["size"]:
            reply = link.get(f"/v1/inbox/{x}/attachments/{item['number']}?offset={out.tell()}")
            if reply.status != 200:
                told(reply)
            if not reply.body:
                raise AnsweredError({"code": "request.not-found", "status": reply.status})
            out.write(reply.body)
    with file.open("rb") as octets:
        digest = hashlib.file_digest(octets, "sha256").digest()
    if commit_digest("att", base64.b64decode(item["salt"]), digest) != item["commitment"]:
        raise ValueError(f"{file}: is not what the sender committed to")


PIECE = 4 * 1024 * 1024
