"""An address is told by one worker at a time, and each secret has a number of its own."""

from gateway.store.connection import Store
from gateway.store.webhook_rows import (
    WebhookRow,
    claim_webhook,
    due_webhooks,
    end_webhook,
    put_webhook,
    rotate_secret,
    tell_webhook,
    webhooks,
)

ROW = WebhookRow("one", "events", "uz.a", "uz.a/system", "https://x", 1, "", "", 0, 0, "", 0)


def test_one_of_two_workers_takes_it_until_its_time_is_over(store: Store) -> None:
    with store.write() as turn:
        put_webhook(turn, ROW)
    with store.write() as turn:
        assert [claim_webhook(turn, "one", now, now + 60) for now in (100, 100, 161)] == [
            True,
            False,
            True,
        ]


def test_what_was_told_is_remembered_until_it_is_due_again(store: Store) -> None:
    told = ROW._replace(cursor=7, attempts=1, since="then", next_at=500)
    with store.write() as turn:
        put_webhook(turn, ROW)
        tell_webhook(turn, told)
    with store.read() as turn:
        assert due_webhooks(turn, "events", 499) == []
        assert due_webhooks(turn, "events", 500) == [told]
        assert due_webhooks(turn, "queries", 500) == []


def test_a_secret_is_changed_once_by_two_who_saw_the_same(store: Store) -> None:
    with store.write() as turn:
        put_webhook(turn, ROW)
        assert [rotate_secret(turn, ROW, "until") for _ in range(2)] == [True, False]
    with store.read() as turn:
        assert webhooks(turn, "uz.a") == [ROW._replace(secrets=2, overlap="until")]


def test_what_has_ended_is_found_no_more(store: Store) -> None:
    with store.write() as turn:
        put_webhook(turn, ROW)
        end_webhook(turn, "one", "now")
    with store.read() as turn:
        assert webhooks(turn, "uz.a") == due_webhooks(turn, "events", 10**9) == []
