"""Code tables and ISO 3166-1."""

from pathlib import Path

from gateway.translation.codes import alpha_2, alpha_3, folded, load_table, numeric


def test_first_row_of_a_spelling_and_of_a_code_rules(tmp_path: Path) -> None:
    path = tmp_path / "kinds.csv"
    path.write_text("native,common\nA,x\nB,x\na,y\n", encoding="utf-8")
    table = load_table(path, folded)
    assert (table.common(" a "), table.native("x"), table.native("y")) == ("x", "A", "a")
    assert table.common("C") is None


def test_country_is_known_by_three_codes() -> None:
    assert {alpha_3(code) for code in ("kz", "KAZ", "398")} == {"KAZ"}
    assert alpha_3("001") is None
    assert (alpha_2("UZB"), numeric("UZB")) == ("UZ", "860")
