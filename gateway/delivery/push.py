"""Post to a ministry's own address: signed by a shared secret, to an address that was judged.

The signature is that of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and
body, one `v1,` value a secret, so that two hold while one takes the other's place. Nothing is
followed elsewhere; a name that leads to a private, local or other special address is refused unless
the operator lists the network; the connection goes to the very address that was judged, so that a
name cannot change its mind in between (security.md, threat of forged requests from the inside).
"""

import base64
import hashlib
import hmac
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import urllib3

from gateway.model.effects import Clock

LARGEST_REPLY = 64 * 1024
# To connect, and for each silence while it answers.
PATIENCE = (2.0, 5.0)
# So many wait for a ministry at once in one process; the rest is told to come again.
MOST_AT_ONCE = 2
# IPv6 addresses that carry an IPv4 address within (RFC 6052, RFC 3056).
_WRAPPED = (ip_network("64:ff9b::/96"), ip_network("2002::/16"))
Network = IPv4Network | IPv6Network


class PushError(Exception):
    """The address may not be used, or gave no answer; says why, and nothing of what was sent."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came back: status, media type, octets."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """One message: where to, its id, its octets, and the secrets that sign it."""

    url: str
    id: str
    body: bytes
    secrets: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Pusher:
    """Posts to ministries.

    allowed: networks of private addresses that the operator lists; roots: a file of roots for TLS,
    None for those of the system.
    """

    clock: Clock
    allowed: tuple[Network, ...] = ()
    roots: Path | None = None
    room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(MOST_AT_ONCE)
    )

    def judged(self, url: str) -> tuple[SplitResult, str]:
        """Give the parts of a URL and the address it leads to. PushError when it may not be used.

        Every address of the name must be good; plain HTTP is for listed networks only.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            host = parts.hostname or ""
        except ValueError:
            raise PushError("the address cannot be read") from None
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.fragment:
            raise PushError("the address is https://HOST/PATH, without a user or a fragment")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise PushError("the name of the address is not known") from None
        addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        listed = [
            any(one.version == network.version and one in network for network in self.allowed)
            for one in addresses
        ]
        for address, own in zip(addresses, listed, strict=True):
            if not own and (not address.is_global or _is_special(address)):
                raise PushError("the address is private or special, and the operator lists it not")
        if parts.scheme == "http" and not all(listed):
            raise PushError("plain HTTP is for addresses that the operator lists")
        return parts, str(addresses[0])

    def push(self, push: Push) -> Pushed:
        """Post one message. PushError when the address is not good or does not answer."""
        parts, address = self.judged(push.url)
        at = int(self.clock().timestamp())
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "User-Agent": "lmx-webhook/1",
            "webhook-id": push.id,
            "webhook-timestamp": str(at),
            "webhook-signature": " ".join(
                signature(one, push.id, at, push.body) for one in push.secrets
            ),
        }
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        timeout = urllib3.Timeout(connect=PATIENCE[0], read=PATIENCE[1])
        with self._pool(parts, address) as pool:
            try:
                answer = pool.urlopen(
                    "POST",
                    target,
                    body=push.body,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    timeout=timeout,
                    preload_content=False,
                )
                octets = answer.read(LARGEST_REPLY + 1, decode_content=False)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise PushError(f"no answer ({type(error).__name__})") from None
            answer.close()
        if len(octets) > LARGEST_REPLY:
            raise PushError("the answer is too long")
        return Pushed(answer.status, answer.headers.get("content-type", ""), octets)

    def _pool(self, parts: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
        if parts.scheme == "http":
            return urllib3.HTTPConnectionPool(address, parts.port or 80, maxsize=1)
        context = ssl.create_default_context(cafile=None if self.roots is None else str(self.roots))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return urllib3.HTTPSConnectionPool(
            address,
            parts.port or 443,
            maxsize=1,
            ssl_context=context,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
        )


def _is_special(address: IPv4Address | IPv6Address) -> bool:
    return address.is_multicast or any(
        address.version == one.version and address in one for one in _WRAPPED
    )


def signature(secret: bytes, name: str, at: int, body: bytes) -> str:
    """Give one value of `webhook-signature`."""
    signed = f"{name}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
