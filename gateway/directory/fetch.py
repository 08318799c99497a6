"""Fetch over HTTP within bounds, size, time, no redirects: directories, lists, responders.

python-tuf bounds each file's length; this bounds the rest (security.md, threats 8 and 17): only
status 200 is an answer, nothing is followed elsewhere, no proxy of the process environment is
used, and a server that drips its bytes is left after a fixed time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import urllib3
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    SlowRetrievalError,
)
from tuf.ngclient.fetcher import FetcherInterface

CONNECT_SECONDS = 3.0
SILENCE_SECONDS = 10.0
FILE_SECONDS = 30.0
CHUNK = 64 * 1024
_USER_AGENT = "lmx-directory/1"


@dataclass
class BoundedFetcher(FetcherInterface):
    """One round's connection to one directory.

    last: the file asked for last; served: what came for it, if whole; timestamp: that of the round.
    monotonic: seconds of a clock that never goes back; file_seconds: the longest one file takes.
    """

    monotonic: Callable[[], float]
    file_seconds: float = FILE_SECONDS
    last: str = ""
    timestamp: bytes = b""
    served: bytes = b""
    _pool: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)

    def download_bytes(self, url: str, max_length: int) -> bytes:
        """Fetch a file of at most that many bytes. tuf's DownloadError when it does not come."""
        self.served = b""
        self.served = super().download_bytes(url, max_length)
        if self.last == "timestamp.json":
            self.timestamp = self.served
        return self.served

    def post(self, url: str, body: bytes, kind: str, most: int) -> bytes:
        """Post a body of a content type; gives at most that many bytes. tuf's DownloadError."""
        found = b""
        for chunk in self._chunks(self._answer("POST", url, body, {"Content-Type": kind})):
            found += chunk
            if len(found) > most:
                raise DownloadLengthMismatchError(f"more than {most} bytes")
        return found

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.last = url.rpartition("/")[2]
        return self._chunks(self._answer("GET", url, None, {}))

    def _answer(
        self, method: str, url: str, body: bytes | None, more: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        silence = min(SILENCE_SECONDS, self.file_seconds)
        try:
            response = self._pool.request(
                method,
                url,
                body,
                headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "identity", **more},
                preload_content=False,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=silence),
            )
        except urllib3.exceptions.ReadTimeoutError as error:
            raise SlowRetrievalError from error
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(f"no answer ({type(error).__name__})") from error
        if response.status != 200:
            response.close()
            raise DownloadHTTPError(f"answered {response.status}", response.status)
        return response

    def _chunks(self, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        ends = self.monotonic() + self.file_seconds
        try:
            # read1 gives what has arrived, so that one byte a second does not outlast the bound.
            while chunk := response.read1(CHUNK, decode_content=False):
                if self.monotonic() > ends:
                    raise SlowRetrievalError("the file takes too long")
                yield chunk
        except urllib3.exceptions.ReadTimeoutError as error:
            raise SlowRetrievalError from error
        except urllib3.exceptions.HTTPError as error:
            raise DownloadError(f"broken off ({type(error).__name__})") from error
        finally:
            response.close()


def fetched(fetcher: BoundedFetcher, url: str, most: int) -> bytes | str:
    """Give what stands at an address, of at most that many bytes, or why it did not come."""
    try:
        return fetcher.download_bytes(url, most)
    except DownloadError as error:
        return f"{url}: {error}"


def posted(fetcher: BoundedFetcher, url: str, body: bytes, kind: str, most: int) -> bytes | str:
    """Give what is answered to a body posted there, of at most that many bytes, or why not."""
    try:
        return fetcher.post(url, body, kind, most)
    except DownloadError as error:
        return f"{url}: {error}"
