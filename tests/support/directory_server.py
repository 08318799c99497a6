"""A web server of one directory on loopback; a test says what it serves, how long, how slowly."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What is served; asked: the names in the order they were asked for.

    status: answered for a name instead of the file; drip: names whose bytes come one by one;
    padding: bytes sent behind a file's own, with no length told.
    """

    files: Mapping[str, bytes]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=dict)
    drip: set[str] = field(default_factory=set)
    padding: dict[str, int] = field(default_factory=dict)


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Served]:
    served = Served(files)
    stop = threading.Event()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            served.asked.append(name)
            data = served.files.get(name)
            status = served.status.get(name, 404 if data is None else 200)
            self.send_response(status)
            self.end_headers()
            if status != 200 or data is None:
                return
            try:
                self._send(name, data)
            except (BrokenPipeError, ConnectionResetError):
                return

        def _send(self, name: str, data: bytes) -> None:
            if name in served.drip:
                for one in data:
                    if stop.wait(0.05):
                        return
                    self.wfile.write(bytes([one]))
                return
            self.wfile.write(data)
            for _ in range(served.padding.get(name, 0) // 1024):
                self.wfile.write(b" " * 1024)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield served
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
