"""Foreign files are opened by what they hold."""

import pytest

from gateway.model.refusal import Refusal
from gateway.translation.media import foreign
from gateway.translation.media.foreign import JsonFile, TableFile, XmlFile, open_foreign


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b" <a/>", XmlFile),
        (b"\xef\xbb\xbf{}", JsonFile),
        (b"[1]", JsonFile),
        (b"a;b\r\n", TableFile),
    ],
)
def test_content_tells_the_kind(data: bytes, kind: type) -> None:
    assert isinstance(open_foreign(data, ()), kind)


def test_file_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MAX_BYTES", 3)
    with pytest.raises(Refusal) as caught:
        open_foreign(b"a;b\r\n", ())
    assert caught.value.code == "submission.too-large"


def test_table_above_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MAX_ROWS", 1)
    with pytest.raises(Refusal) as caught:
        open_foreign(b"a;b\r\nc;d\r\n", ())
    assert caught.value.code == "submission.too-large"
