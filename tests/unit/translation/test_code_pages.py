"""The pages of codes say where a warning is raised."""

from pathlib import Path

from gateway.translation.code_pages import warnings_page


def test_a_warning_names_the_modules_that_raise_it(tmp_path: Path) -> None:
    folder = tmp_path / "gateway" / "translation"
    folder.mkdir(parents=True)
    (folder / "doubts.py").write_text('def f(t):\n    t.warn("FR-FEE", "")\n', "utf-8")
    (folder / "warning_texts.py").write_text('W = {"FR-FEE": "x"}\n', "utf-8")
    rows = [line for line in warnings_page(tmp_path).splitlines() if "FR-FEE" in line]
    assert [row.rsplit("|", 2)[1].strip() for row in rows] == ["`gateway/translation/doubts.py`"]
