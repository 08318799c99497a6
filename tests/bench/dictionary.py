"""Makes the dictionaries of `gateway/store/packing.py`: `python -m tests.bench.dictionary FOLDER`.

They are trained on what two gateways store and on the examples. Digests, ids, times, states, record
types and what a record says are drawn anew in each sample, so that a dictionary knows the forms and
no deployment. One that was released is never made again: rows name it by its number.
"""

import json
import random
import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import select

from gateway.exchange.office import Office
from gateway.proof.canonical import canonical_json
from gateway.store.exchange_rows import exchanges, receipts
from gateway.store.packing import CONTENTS, EVIDENCE, spread, unpack
from gateway.store.scope import WHOLE
from gateway.store.tables import ENTRY, SUBMISSION
from tests.bench.steps import Spent, opened, states

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas/records"
ADAPTERS = SCHEMAS.parents[1] / "adapters"
SIZES = {EVIDENCE: 12 * 1024, CONTENTS: 32 * 1024}
LONGEST = 8192
STATES = ("KZ", "KG", "TJ", "UZ")
TYPES = sorted(one.name for one in SCHEMAS.iterdir())
_RECORD_TYPE = re.compile("|".join(TYPES))
_DIGEST = re.compile(r"[A-Za-z0-9+/]{43}=")
_DIGIT = re.compile(rb"[0-9]")
_THUMBPRINT = re.compile(r'(?<=")[\w-]{43}(?=")')
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"20\d\d-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{3})?")


def stored(office: Office) -> Iterator[bytes]:
    """Give the evidence one gateway stores, before it is packed; nothing of a record's content."""
    with office.store.read() as turn:
        for row in exchanges(turn, {}, 0, 1000):
            yield row.seal.encode()
            yield from (token.encode() for _, token in receipts(turn, row.x, WHOLE))
        for column in (ENTRY.c.octets, SUBMISSION.c.answer):
            yield from (unpack(bytes(one)) for one in turn.execute(select(column)).scalars())


def examples(chance: random.Random) -> Iterator[bytes]:
    """Give the examples of the record types as transfers, their words and numbers drawn anew."""
    for file in sorted(SCHEMAS.glob("*/*/examples/*.json")):
        found = json.loads(file.read_text("utf-8"))
        salts = {one: b64encode(chance.randbytes(32)).decode() for one in ("json", "xml")}
        source = {"adapterVersion": "1.0.0", "layout": f"kz.{_word('labour', chance)}"}
        record = _drawn(found.get("record", found), chance)
        yield canonical_json({"record": record, "salts": salts, "source": source})


def natives(chance: random.Random) -> Iterator[bytes]:
    """Give the adapters' samples, their numbers drawn anew."""
    for file in sorted(ADAPTERS.glob("*/samples/*")):
        octets = file.read_bytes()
        if file.suffix in (".xml", ".json") and len(octets) < LONGEST:
            yield _DIGIT.sub(lambda _: str(chance.randrange(10)).encode(), octets)


def _drawn(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: _drawn(one, chance) for name, one in value.items()}
    if isinstance(value, list):
        return [_drawn(one, chance) for one in value]
    return _word(value, chance) if isinstance(value, str) else value


def _word(text: str, chance: random.Random) -> str:
    """Draw letters and digits anew; a code in capitals stays."""
    if text.isascii() and text.upper() == text and not any(one.isdigit() for one in text):
        return text
    letters = [one for one in text if one.isalpha()]
    return "".join(
        chance.choice(letters)
        if one.isalpha()
        else chance.choice("0123456789")
        if one.isdigit()
        else one
        for one in text
    )


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
    """Make the files: 1 for evidence, 2 for contents."""
    chance, into = random.Random(1), Path(sys.argv[1])  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="lmx-dictionary-") as folder:
        once, _, sides = opened(Path(folder), states(Path(folder)), Spent(), 20)
        once()
        found = [
            one for side in sides.values() for one in stored(side.office) if len(one) < LONGEST
        ]
    evidence = [varied(spread(one), chance) for one in found for _ in range(8)]
    contents = [one for _ in range(20) for one in (*examples(chance), *natives(chance))]
    for number, samples in ((EVIDENCE, evidence), (CONTENTS, contents)):
        made = zstandard.train_dictionary(SIZES[number], samples, level=1)
        (into / f"packing_{number}.dict").write_bytes(made.as_bytes())
        print(f"{number}: {len(samples)} samples, {len(made)} bytes")


if __name__ == "__main__":
    main()
