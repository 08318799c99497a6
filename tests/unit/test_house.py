"""The house keeps its rules: homes of packages, size, words, effects, and tests that mirror."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gateway", "adapters", "certs")
MODULES = sorted(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))
LONGEST = 300
# DESIGN section 9: each outside package has the rooms it may stand in.
HOMES = {
    # Parsing stays in proof.strict_xml (ruff bans it elsewhere); these build and read trees.
    "lxml": ("gateway/proof", "gateway/translation", "gateway/catalogue", "adapters"),
    # translation reads the subject of a national certificate, and verifies nothing with it.
    "cryptography": ("gateway/proof", "gateway/store", "certs", "gateway/translation/media"),
    "pkcs11": ("gateway/proof",),
    "marshmallow": ("gateway/translation", "adapters"),
    "xmlschema": ("gateway/catalogue",),
    "jsonschema_rs": ("gateway/catalogue",),
    "sqlalchemy": ("gateway/store",),
    "alembic": ("gateway/store",),
    "orjson": ("gateway/proof",),
    "http_sf": ("gateway/proof",),
    "click": ("gateway/cli",),
    "flask": ("gateway/web", "gateway/console"),
    "werkzeug": ("gateway/web", "gateway/console"),
    # translation asks it for the names of countries, currencies and languages (CLDR).
    "babel": ("gateway/console", "gateway/translation"),
    "flask_bootstrap": ("gateway/console",),
    "argon2": ("gateway/console",),
    "granian": ("gateway/cli",),
    "requests": ("gateway/delivery",),
    "tuf": ("gateway/proof", "gateway/directory"),
    "securesystemslib": ("gateway/proof", "gateway/directory", "certs"),
    "urllib3": ("gateway/directory", "gateway/delivery"),
    "prometheus_client": ("gateway/web",),
    "structlog": ("gateway/web", "gateway/worker", "gateway/console"),
    "openpyxl": ("gateway/translation",),
    "pycountry": ("gateway/catalogue", "gateway/translation", "adapters"),
}
BANNED = re.compile(r"(Manager|Handler|Processor|Helper|Util|Utils)$")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|raise NotImplementedError)\b")
EFFECTS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("time", "time"), ("uuid", "uuid4"),
    ("uuid", "uuid7"), ("os", "urandom"), ("secrets", "token_bytes"), ("random", "random"),
}  # fmt: skip
# The commands are the outermost ring: there is nothing above them to hand the clock in.
CLOCK_DOORS = ("gateway/cli", "gateway/wiring.py")


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_each_outside_package_stands_in_its_home(file: Path) -> None:
    strangers = [
        one
        for one in _imports(ast.parse(file.read_text("utf-8")))
        if one in HOMES and not _name(file).startswith(HOMES[one])
    ]
    assert strangers == []


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    long = [_name(file) for file in MODULES if len(file.read_text("utf-8").splitlines()) > LONGEST]
    assert long == []


def test_names_come_from_the_glossary() -> None:
    found = [
        f"{_name(file)}: {node.name}"
        for file in MODULES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and BANNED.search(node.name)
    ]
    assert found == []


def test_nothing_is_left_unfinished() -> None:
    assert [_name(file) for file in MODULES if UNFINISHED.search(file.read_text("utf-8"))] == []


def test_time_and_randomness_come_as_arguments() -> None:
    found = [
        f"{_name(file)}:{node.lineno}"
        for file in MODULES
        if not _name(file).startswith(CLOCK_DOORS)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in EFFECTS
    ]
    assert found == []


def test_each_unit_test_mirrors_a_module() -> None:
    here = ROOT / "tests" / "unit"
    lost = []
    for test in here.rglob("test_*.py"):
        if test.name == "test_house.py":
            continue
        place = test.relative_to(here).parent / test.name.removeprefix("test_")
        if not (ROOT / "gateway" / place).is_file():
            lost.append(_name(test))
    assert lost == []


def test_the_lock_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url.*", text) == []


def test_every_locked_package_has_a_hash() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text("utf-8").strip())
    bare = [one.split("==")[0] for one in blocks if "==" in one and "--hash=sha256:" not in one]
    assert (bare, len(blocks) > 10) == ([], True)
