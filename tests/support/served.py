"""A folder served over HTTP on loopback by the standard library, and TUF's own client on it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tuf.ngclient import Updater


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def followed(folder: Path, client: Path, first: bytes, paths: list[str]) -> dict[str, bytes]:
    """The target files as `tuf.ngclient` verifies them from the first root on, by the clock."""
    (client / "files").mkdir(parents=True, exist_ok=True)
    with served(folder) as url:
        updater = Updater(
            str(client / "metadata"), f"{url}/metadata/", str(client / "files"), f"{url}/targets/",
            bootstrap=first,
        )  # fmt: skip
        updater.refresh()
        found = {}
        for path in paths:
            info = updater.get_targetinfo(path)
            if info is not None:
                found[path] = Path(updater.download_target(info)).read_bytes()
        return found
