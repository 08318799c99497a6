"""The reference pages of the code lists."""

from gateway.catalogue.codelist_pages import codelist_pages
from tests.support.schemas import SCHEMAS

PAGES = {path.name: data.decode() for path, data in codelist_pages(SCHEMAS).items()}


def test_a_page_holds_every_code_of_its_list() -> None:
    rows = [line for line in PAGES["ISCO-08.md"].splitlines() if line.startswith("| ")]
    assert len(rows) == 619 + 2


def test_a_page_of_a_national_list_shows_how_codes_are_mapped() -> None:
    assert "20 codes; mapped 20 exact." in PAGES["kz-KATO.md"]
    assert (
        "| 75 | Алматы қаласы | город Алматы | Almaty City | KZ-75 | exact |" in PAGES["kz-KATO.md"]
    )


def test_the_index_names_lists_without_a_table_too() -> None:
    assert "| KODP | none | 0 |" in PAGES["index.md"]
    assert "| ISO-4217 | pycountry |" in PAGES["index.md"]


def test_every_page_is_linked_from_the_index() -> None:
    assert [
        name for name in PAGES if name != "index.md" and f"({name})" not in PAGES["index.md"]
    ] == []
