"""A published directory is read whole or not at all, and written so that a root never changes."""

from pathlib import Path

import pytest

from gateway.directory.published import read_published, write_files
from gateway.directory.roles import CeremonyError
from tests.support.directories import FILES, published


def test_every_listed_file_is_named(tmp_path: Path) -> None:
    assert read_published(published(tmp_path).published).files().keys() == FILES.keys()


def test_a_folder_that_lacks_what_its_timestamp_names_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path)
    (made.published / "metadata/1.snapshot.json").unlink()
    with pytest.raises(CeremonyError, match="no whole directory can be read there"):
        read_published(made.published)


def test_a_root_that_stands_is_not_written_over(tmp_path: Path) -> None:
    made = published(tmp_path)
    before = made.first_root()
    with pytest.raises(CeremonyError, match="a root is published once"):
        write_files(made.published, {"metadata/1.root.json": b"other"})
    assert made.first_root() == before
