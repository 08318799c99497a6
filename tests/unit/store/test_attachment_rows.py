"""An attachment is brought on by one at a time, and belongs to one exchange."""

from gateway.store.attachment_rows import (
    AttachmentRow,
    attachment,
    attachments_of,
    bind_attachment,
    count_open,
    note_got,
    put_attachment,
)
from gateway.store.connection import Store

ROW = AttachmentRow("one", "kz.a", "", 0, 10, 0, "open")


def test_two_who_bring_the_same_piece_count_it_once(store: Store) -> None:
    with store.write() as turn:
        put_attachment(turn, ROW)
        assert [note_got(turn, ROW, 4) for _ in range(2)] == [True, False]
    with store.read() as turn:
        found = attachment(turn, "one")
    assert found is not None
    assert found.got == 4


def test_the_first_exchange_has_it(store: Store) -> None:
    with store.write() as turn:
        put_attachment(turn, ROW)
        assert count_open(turn, "kz.a") == 1
        assert [bind_attachment(turn, "one", x, 2) for x in ("x", "y")] == [True, False]
        assert count_open(turn, "kz.a") == 0
    with store.read() as turn:
        assert [one.position for one in attachments_of(turn, "x")] == [2]
        assert attachments_of(turn, "y") == []
