"""A ministry's own system: takes what its gateway posts, and answers as the test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[bytes], tuple[int, bytes]]


@dataclass
class System:
    """What came, headers in lower case; answer: gives status and body for a body."""

    answer: Answer = lambda _body: (204, b"")
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    moved: str = ""
    url: str = ""


@contextmanager
def system() -> Iterator[System]:
    """A system on loopback, closed with the block."""
    made = System()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.came.append(({name.lower(): one for name, one in self.headers.items()}, body))
            status, told = made.answer(body)
            self.send_response(status)
            if made.moved:
                self.send_header("location", made.moved)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}/lmx"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
