"""Signed requests over one kept-alive connection: to a partner's peer port or to our own API."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from gateway.model.effects import Clock, Entropy
from gateway.model.ids import random_id
from gateway.proof.http_signature import PEER_TAG, SUBMITTER_TAG, Request, sign_request
from gateway.proof.key_folder import KeyFolder
from gateway.proof.keys import CertifiedKey

TIMEOUT_SECONDS = (3.0, 30.0)
# An answer that drips or does not end is given up: no partner holds our worker or its memory.
LONGEST_ANSWER = timedelta(seconds=60)
LARGEST_ANSWER = 64 * 1024 * 1024
PIECE = 64 * 1024
LONGEST_AFTER = 3600
NONCE_BYTES = 18
_SECONDS = re.compile(r"[0-9]{1,9}")
KeyAt = Callable[[datetime], CertifiedKey]
# Chain and key.
Client = tuple[str, str] | None
ClientAt = Callable[[datetime], Client]


class UnreachableError(Exception):
    """The other side did not answer; says which address, never what was sent."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, media type, octets; after: seconds of Retry-After, 0 for none."""

    status: int
    media_type: str
    body: bytes
    after: int = 0


class Route(Protocol):
    """How the other side is reached: by a link, or by waiting until it fetches."""

    def get(self, target: str) -> Reply:
        """Ask for a target. UnreachableError when there is no answer."""

    def post(
        self,
        target: str,
        body: bytes,
        media_type: str,
        *,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> Reply:
        """Send a body. UnreachableError when there is no answer."""


@dataclass(frozen=True, slots=True)
class Link:
    """One other side: its base URL, the key that signs for us at a time, and the session.

    client: the files that admit us at a time, chain and key; None where no TLS client is asked.
    pools: the connections by these files, as the session opened them.
    """

    base: str
    key: KeyAt
    client: ClientAt
    tag: str
    clock: Clock
    entropy: Entropy
    session: requests.Session
    pools: dict[Client, urllib3.HTTPConnectionPool] = field(default_factory=dict)

    def get(self, target: str, accept: str = "*/*") -> Reply:
        """Ask for `target` (path and query). UnreachableError when there is no answer."""
        return self._call("GET", target, None, {"accept": accept})

    def post(
        self,
        target: str,
        body: bytes,
        media_type: str,
        idempotency: str | None = None,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> Reply:
        """Send a body. UnreachableError when there is no answer, whatever became of it there.

        timeout: seconds to connect and to be answered.
        """
        key = idempotency or random_id(self.entropy)
        headers = {"content-type": media_type, "idempotency-key": key}
        return self._call("POST", target, body, headers, timeout)

    def _call(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: dict[str, str],
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
    ) -> Reply:
        url = urlsplit(self.base)
        path, _, query = target.partition("?")
        request = Request(method, url.netloc, path, query, headers, body)
        nonce = base64.urlsafe_b64encode(self.entropy(NONCE_BYTES)).decode("ascii")
        at = self.clock()
        added = sign_request(
            request, self.key(at), created=int(at.timestamp()), nonce=nonce, tag=self.tag
        )
        sent = {**headers, **added}
        if body is not None:
            sent["content-length"] = str(len(body))
        try:
            # What requests adds to each request (cookies, redirections, proxies, looks at files)
            # no link has, and it costs more than the rest of sending. What is signed is sent as it
            # is.
            answer = self._pool(self.client(at)).urlopen(
                method,
                url.path + target,
                body,
                sent,
                redirect=False,
                retries=False,
                assert_same_host=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=timeout[0], read=timeout[1]),
            )
            octets = self._whole(answer, at + LONGEST_ANSWER)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise UnreachableError(
                f"{self.base} does not answer ({type(error).__name__})"
            ) from None
        media_type = answer.headers.get("content-type", "")
        return Reply(answer.status, media_type, octets, _after(answer.headers))

    def _pool(self, client: Client) -> urllib3.HTTPConnectionPool:
        found = self.pools.get(client)
        if found is None:
            found = self.pools[client] = self._opened(client)
        return found

    def _opened(self, client: Client) -> urllib3.HTTPConnectionPool:
        adapter = cast("HTTPAdapter", self.session.get_adapter(self.base))
        asked = requests.Request("GET", self.base).prepare()
        # There is no link that does not verify.
        roots = self.session.verify
        verify = roots if isinstance(roots, str) else requests.utils.DEFAULT_CA_BUNDLE_PATH
        found = adapter.get_connection_with_tls_context(asked, verify, cert=client)
        return cast("urllib3.HTTPConnectionPool", found)

    def _whole(self, answer: urllib3.BaseHTTPResponse, until: datetime) -> bytes:
        parts, size = [], 0
        try:
            for part in answer.stream(PIECE, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > LARGEST_ANSWER or self.clock() > until:
                    answer.close()
                    raise UnreachableError(
                        f"{self.base} gives an answer that is too long or too slow"
                    )
        finally:
            answer.release_conn()
        return b"".join(parts)


def _after(headers: Mapping[str, str]) -> int:
    text = headers.get("retry-after", "")
    return min(int(text), LONGEST_AFTER) if _SECONDS.fullmatch(text) else 0


def peer_link(base: str, keys: KeyFolder, roots: Path, clock: Clock, entropy: Entropy) -> Link:
    """Open a link to a partner's gateway over mutual TLS; roots: those of the other side."""
    session = requests.Session()
    # Nothing of the process environment may reroute or weaken a link between states.
    session.trust_env = False
    session.verify = str(roots)

    def client(at: datetime) -> tuple[str, str]:
        # A new connection is opened when these files change, and the old one is kept open.
        return keys.certified_files("tls", at)

    return Link(base, partial(keys.certified, "peer"), client, PEER_TAG, clock, entropy, session)


def submitter_link(base: str, key: CertifiedKey, clock: Clock, entropy: Entropy) -> Link:
    """Open a link from a ministry system to its own gateway's API."""
    session = requests.Session()
    session.trust_env = False
    return Link(base, lambda _: key, lambda _: None, SUBMITTER_TAG, clock, entropy, session)
