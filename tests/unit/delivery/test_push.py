"""Where a gateway posts to, and where it never does."""

import base64
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from gateway.delivery.push import Push, Pusher, PushError, signature

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 the address is refused
        "10.1.2.3",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "2130706433",
    ],
)
def test_a_special_address_is_refused(host: str) -> None:
    with pytest.raises(PushError):
        Pusher(lambda: AT).judged(f"https://{host}/")


def test_a_public_address_is_good_and_only_over_tls() -> None:
    pusher = Pusher(lambda: AT)
    assert pusher.judged("https://93.184.216.34:8443/x")[1] == "93.184.216.34"
    with pytest.raises(PushError):
        pusher.judged("http://93.184.216.34/x")


def test_a_listed_network_is_good_in_clear_too() -> None:
    pusher = Pusher(lambda: AT, (ip_network("10.1.0.0/16"),))
    assert pusher.judged("http://10.1.2.3/x")[1] == "10.1.2.3"
    with pytest.raises(PushError):
        pusher.judged("http://10.2.2.3/x")


def test_nobody_at_the_address_is_told_without_content() -> None:
    pusher = Pusher(lambda: AT, (ip_network("127.0.0.0/8"),))
    with pytest.raises(PushError) as refused:
        pusher.push(Push("http://127.0.0.1:1/", "one", b"secret words", [b"key"]))
    assert "secret" not in str(refused.value)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The test of the specification's own libraries (standard-webhooks, test_sign_function).
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    given = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
