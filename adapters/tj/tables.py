"""What Tajik tables share: letters as they compare, addresses, documents, columns for numbers."""

from functools import cache
from pathlib import Path
from typing import Any, cast

from marshmallow import missing

from gateway.catalogue.codelists import CodeLists
from gateway.model.remembered import remembered
from gateway.translation.codes import folded, load_tables
from gateway.translation.fields import Text, TwoWay, clean, text_of
from gateway.translation.foreign_fields import ForeignNumber
from gateway.translation.layout import Layout, cannot_carry
from gateway.translation.reading import Record
from gateway.translation.turn import turn

_PLAIN = str.maketrans("ҶҷҲҳҚқҒғӢӣӮӯ", "ЧчХхКкГгИиУу")
# Nine digits make a travel passport, A and seven digits an internal one or an identity card.
DOCUMENTS = ((r"\d{9}", "passport"), (r"[AА]\d{7}", "idCard"))
FOREIGN = "Рақами шахсии хориҷӣ"


@remembered(4096)
def plain_letters(text: str) -> str:
    """A spelling as it compares: without Tajik letters, case and needless blanks."""
    return folded(text.translate(_PLAIN))


CODES = load_tables(__file__, plain_letters)
LISTS = CodeLists(Path(__file__).parent / "lists")


@cache
def _territories() -> dict[str, str]:
    mapped = LISTS.named("TJ-TERRITORIES").mapped
    return {plain_letters(name): found.code for name, found in mapped.items()}


def territory(address: str) -> str | None:
    """The ISO 3166-2 code of the territory that an address begins with, else None."""
    return _territories().get(plain_letters(address.split(",", maxsplit=1)[0]))


class Residence(Text):
    """An address in words; its region is told by the words before the first comma."""

    def read(self, value: Any) -> Any:
        text = clean(text_of(value))
        region = territory(text)
        if region is None:
            return {"text": text}
        return {"country": "TJK", "subdivision": region, "text": text}

    def write(self, value: Any) -> Any:
        return value.get("text", missing)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        address, pointer = self.find(obj)
        if not pointer or "text" not in address:
            return missing
        turn().consume(f"{pointer}/text")
        if territory(address["text"]):
            turn().consume(f"{pointer}/subdivision")
            turn().consume(f"{pointer}/country")
        return address["text"]


class PersonNumber(ForeignNumber):
    """The column for numbers of other countries; what has a column of its own stays there."""

    def __init__(self, *, elsewhere: tuple[str, ...] = ()) -> None:
        """elsewhere: schemes with their own column."""
        super().__init__(FOREIGN, "person", kind="person")
        self.elsewhere = elsewhere

    def find(self, record: dict[str, Any]) -> tuple[Any, str]:
        value, pointer = super().find(record)
        if pointer:
            place = int(pointer.rsplit("/", maxsplit=1)[1])
            if record["person"]["identifier"][place]["scheme"] in self.elsewhere:
                return super().find({})
        return value, pointer


def require_words(layout: Layout, record: Record, *names: str) -> None:
    """Refuse `layout.cannot-carry` when a field has no word for what the record says (R36).

    names: fields without which the written row would be refused by its own reader.
    """
    for name in names:
        field = cast("TwoWay", layout.fields[name])
        value, pointer = field.find(record)
        if pointer and field.write(value) is missing:
            raise cannot_carry("the layout has no word for what stands here", f"/record{pointer}")
