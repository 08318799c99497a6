"""Every warning that the code can say has words."""

import re
from pathlib import Path

from gateway.translation.warning_texts import WARNINGS

ROOT = Path(__file__).resolve().parents[3]


def test_every_warning_in_the_code_has_words() -> None:
    sources = [*(ROOT / "gateway/translation").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    said = {
        code
        for source in sources
        for code in re.findall(
            r'(?:warn|Warned)\(\s*"([A-Z-]+)"', source.read_text(encoding="utf-8")
        )
    }
    assert said
    assert said <= WARNINGS.keys()
