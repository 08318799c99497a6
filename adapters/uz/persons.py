"""What the layouts of Uzbekistan share about persons."""

from typing import Any

from marshmallow import missing

from gateway.proof.strict_json import NumberText
from gateway.translation import names
from gateway.translation.fields import Code
from gateway.translation.reading import Record


class SexNumber(Code):
    """Sex as a JSON number, ISO/IEC 5218."""

    def write(self, value: Any) -> Any:
        native = super().write(value)
        return native if native is missing else NumberText(native)


def tell_scripts(record: Record) -> None:
    """Say of each native name the script it is written in: registers mix Latin and Cyrillic."""
    for name in record.get("person", {}).get("name", []):
        if name["form"] == "native":
            name["script"] = names.script_of(name["full"])
