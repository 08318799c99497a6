"""Kazakh places and activities by their national codes."""

from typing import Any

from marshmallow import missing

from gateway.translation.coded_fields import triple_code
from gateway.translation.fields import Text, TwoWay, text_of
from gateway.translation.paths import pick
from gateway.translation.turn import turn

KATO = "KATO"
# ISO 3166-2:KZ takes its numbers from KATO's first two digits.
REGIONS = frozenset({"10", "11", "15", "19", "23", "27", "31", "33", "35", "39", "43", "47", "55"})
CITIES = frozenset({"59", "61", "62", "63", "71", "75", "79"})


class BareKato(TwoWay):
    """A place by KATO code; its region follows from the first two digits."""

    def read(self, value: Any) -> Any:
        code = self.code(value).strip()
        place = {"country": "KAZ", "nativeCode": code, "nativeList": KATO}
        if code[:2] in REGIONS | CITIES:
            return place | {"subdivision": f"KZ-{code[:2]}"}
        turn().warn("CODE-UNMAPPED", self.common)
        return place

    def code(self, value: Any) -> str:
        """The code of a native value."""
        return text_of(value)

    def written(self, code: str) -> Any:
        """The native value of a code."""
        return code

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        place, pointer = pick(obj, self.common)
        if not pointer or place.get("nativeList") != KATO:
            return missing
        for member in ("country", "subdivision", "nativeCode", "nativeList"):
            turn().consume(f"{pointer}/{member}")
        return self.written(place["nativeCode"])


class Kato(BareKato):
    """A place as a code triple."""

    def code(self, value: Any) -> str:
        return triple_code(value)

    def written(self, code: str) -> Any:
        return {"Code": code}


class Activity(Text):
    """An OKED code; codes of other lists are not OKED."""

    def read(self, value: Any) -> Any:
        return {"nativeCode": super().read(value), "nativeList": "OKED"}

    def write(self, value: Any) -> Any:
        return value["nativeCode"] if value.get("nativeList") == "OKED" else missing
