"""Two-way fields whose native codes stand in a national code list: places, economic activities."""

from typing import Any

from marshmallow import missing

from gateway.catalogue.codelists import CodeLists
from gateway.translation.coded_fields import triple_code
from gateway.translation.fields import Text, TwoWay, text_of
from gateway.translation.turn import turn

ISIC = "ISIC-4"


class ListedPlace(TwoWay):
    """An address by the code of a national list of territories, which tells its region.

    The native code stays beside the region; one whose region is not known is kept with
    `CODE-UNMAPPED` (R38).
    """

    def __init__(
        self, native: str, common: str, lists: CodeLists, name: str, *, country: str, **options: Any
    ) -> None:
        """lists, name: the national list. country: alpha-3. parts: `("Code",)` for a triple."""
        super().__init__(native, common, **options)
        self.lists = lists
        self.list_name = name
        self.country = country

    def read(self, value: Any) -> Any:
        code = (triple_code(value) if self.parts else text_of(value)).strip()
        place = {"country": self.country, "nativeCode": code, "nativeList": self.list_name}
        region = self.lists.common(self.list_name, code)
        if region is None:
            turn().warn("CODE-UNMAPPED", self.common)
            return place
        return place | {"subdivision": region.code}

    def write(self, value: Any) -> Any:
        if value.get("nativeList") != self.list_name or "nativeCode" not in value:
            return missing
        return {"Code": value["nativeCode"]} if self.parts else value["nativeCode"]

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **_kwargs: Any) -> Any:
        place, pointer = self.find(obj)
        written = self.write(place) if pointer else missing
        if written is missing:
            return missing
        # Text beside the code has a field of its own, or is lost.
        for member in ("country", "subdivision", "nativeCode", "nativeList"):
            turn().consume(f"{pointer}/{member}")
        return written


class ListedActivity(Text):
    """An economic activity by a national list; the common code is ISIC's as far as it is known."""

    def __init__(
        self, native: str, common: str, lists: CodeLists, name: str, **options: Any
    ) -> None:
        """lists, name: the national list."""
        super().__init__(native, common, **options)
        self.lists = lists
        self.list_name = name

    def read(self, value: Any) -> Any:
        code = super().read(value)
        activity = {"nativeCode": code, "nativeList": self.list_name}
        found = self.lists.common(self.list_name, code)
        if found is None:
            turn().warn("CODE-UNMAPPED", self.common)
            return activity
        return {"code": found.code, "list": ISIC, "mapping": found.mapping} | activity

    def write(self, value: Any) -> Any:
        return value["nativeCode"] if value.get("nativeList") == self.list_name else missing
