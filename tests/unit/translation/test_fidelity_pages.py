"""The pages are stale when anything in their folder is not what the layouts do."""

from pathlib import Path

from gateway.translation.fidelity_pages import stale


def test_a_missing_a_changed_and_a_needless_page_are_stale(tmp_path: Path) -> None:
    for name, text in {"A.md": "a", "B.md": "old", "Z.md": "z"}.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert stale(tmp_path, {"A.md": "a", "B.md": "b", "C.md": "c"}) == ["B.md", "C.md", "Z.md"]
