"""Makes a dictionary of `gateway/store/packing.py` from what two gateways store and the examples.

`python -m tests.bench.dictionary FILE [bytes]`. Digests, ids, times, states and record types are
drawn anew in each sample, so that the dictionary knows the forms and no deployment. A dictionary
that was released is never made again: rows name it by its number.
"""

import json
import os
import random
import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import zstandard
from sqlalchemy import select

from gateway.exchange.office import Office
from gateway.proof.canonical import canonical_json
from gateway.store.packing import _spread, unpack
from gateway.store.scope import WHOLE
from gateway.store.sealed import open_bytes
from gateway.store.exchange_rows import exchanges, receipts, sealed_named
from gateway.store.tables import ENTRY, SEALED, SUBMISSION
from tests.bench.steps import Spent, ground_of

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas/records"
SIZE = 12 * 1024
STATES = ("KZ", "KG", "TJ", "UZ")
TYPES = sorted(one.name for one in SCHEMAS.iterdir())
_RECORD_TYPE = re.compile("|".join(TYPES))
_DIGEST = re.compile(r"[A-Za-z0-9+/]{43}=")
_THUMBPRINT = re.compile(r'(?<=")[\w-]{43}(?=")')
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"20\d\d-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3})?")
_COUNT = re.compile(r'(?<="(?:i)":)\d+|(?<="(?:seq)":)\d+|(?<="iat":)\d+')


def stored(office: Office) -> Iterator[bytes]:
    """Give what one gateway stores, before it is packed or encrypted."""
    with office.store.read() as turn:
        rows = exchanges(turn, {}, 0, 1000)
        for row in rows:
            yield row.seal.encode()
            yield from (token.encode() for _, token in receipts(turn, row.x, WHOLE))
        kinds = list(turn.execute(select(SEALED.c.kind).distinct()).scalars())
        found = sealed_named(turn, [row.x for row in rows], kinds, WHOLE)
        plain = [(one.octets, one.binding) for one in found.values()]
        yield from (unpack(bytes(one)) for one in turn.execute(select(ENTRY.c.octets)).scalars())
        yield from (unpack(bytes(one)) for one in turn.execute(select(SUBMISSION.c.answer)).scalars())
    yield from (open_bytes(*one, office.day_keys) for one in plain)


def examples() -> Iterator[bytes]:
    """Give the examples of the record types as transfers."""
    for file in sorted(SCHEMAS.glob("*/*/examples/*.json")):
        record = json.loads(file.read_text("utf-8"))
        yield canonical_json({"record": record.get("record", record), "source": "", "salts": {}})


def varied(octets: bytes, chance: random.Random) -> bytes:
    """Draw anew whatever differs between records and deployments."""
    text = octets.decode("latin-1")
    own, other = chance.sample(STATES, 2)
    kind = chance.choice(TYPES)
    for before, after in (("TJ", "\x01"), ("KZ", "\x02")):
        text = text.replace(before, after).replace(before.lower() + ".", after + "\x03")
        text = text.replace("-" + before.lower(), "-" + after + "\x04")
    for mark, state in (("\x01", own), ("\x02", other)):
        text = text.replace(mark + "\x03", state.lower() + ".")
        text = text.replace(mark + "\x04", state.lower()).replace(mark, state)
    text = _RECORD_TYPE.sub(kind, text)
    text = _DIGEST.sub(lambda _: b64encode(chance.randbytes(32)).decode(), text)
    text = _THUMBPRINT.sub(lambda _: b64encode(chance.randbytes(32), b"-_").decode()[:43], text)
    text = _UUID.sub(lambda _: _uuid(chance), text)
    text = _TIME.sub(lambda one: _time(one[0], chance), text)
    return text.encode("latin-1")


def _uuid(chance: random.Random) -> str:
    found = chance.randbytes(16).hex()
    return "-".join((found[:8], found[8:12], found[12:16], found[16:20], found[20:]))


def _time(old: str, chance: random.Random) -> str:
    day = f"20{chance.randrange(26, 32)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    if len(old) == len(day):
        return day
    hour, minute, second = chance.randrange(24), chance.randrange(60), chance.randrange(60)
    return f"{day}T{hour:02}:{minute:02}:{second:02}.{chance.randrange(1000):03}Z"[: len(old)]


def main() -> None:
    """Make the file."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="lmx-dictionary-") as folder:
        once, offices = ground_of(Path(folder), Spent(), 20)
        once()
        found = [one for office in offices.values() for one in stored(office) if len(one) < 8192]
    forms = [bytes(_spread(one)) for one in found]
    samples = [varied(one, chance) for one in forms for _ in range(8)]
    samples += [varied(one, chance) for one in examples() for _ in range(4)]
    size = int(sys.argv[2]) if len(sys.argv) > 2 else SIZE
    made = zstandard.train_dictionary(size, samples, level=1)
    Path(sys.argv[1]).write_bytes(made.as_bytes())
    print(f"{len(samples)} samples, {len(made)} bytes; {os.path.basename(sys.argv[1])}")


if __name__ == "__main__":
    main()
