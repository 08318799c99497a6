"""What partners would refuse is not published."""

from pathlib import Path

import pytest

from gateway.directory.read_back import require_readable
from gateway.directory.roles import CeremonyError
from tests.support.directories import NOW, published


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("member/gateway.json", b'{"keys":[{"role":"seal"}]}'),
        ("member/authorities.json", b"[]"),
        ("member/submitters.json", b'{"kz.bank/system":{"authority":"kz.bank"}}'),
        ("revoked/old.json", b'{"id":"x"}'),
    ],
)
def test_a_file_that_no_partner_can_read_is_refused_by_name(
    tmp_path: Path, path: str, data: bytes
) -> None:
    made = published(tmp_path)
    before = sorted(made.published.rglob("*"))
    made.begin().put(path, data, at=NOW)
    with pytest.raises(CeremonyError, match=rf"partners would refuse .*\({path}\)"):
        made.publish()
    assert sorted(made.published.rglob("*")) == before


def test_metadata_that_does_not_verify_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path)
    stamp = (made.published / "metadata/timestamp.json").read_bytes()
    with pytest.raises(CeremonyError, match=r"keys of the role must have signed"):
        require_readable(
            made.published, {"metadata/timestamp.json": stamp.replace(b'"sig":"', b'"sig":"00')}
        )


def test_a_sound_directory_passes(tmp_path: Path) -> None:
    require_readable(published(tmp_path).published, {})
