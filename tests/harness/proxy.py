"""A relay that loses answers: the request passes, the server acts, and the line is cut before the first octet comes back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

CHUNK = 1 << 16


class LossyProxy(ThreadingTCPServer):
    """`lost` counts the answers cut; `losing` says whether the next ones are."""

    daemon_threads = True

    def __init__(self, target: int) -> None:
        super().__init__(("127.0.0.1", 0), Relay)
        self.target, self.lost, self.losing = target, 0, True
        self.counting = threading.Lock()

    @property
    def port(self) -> int:
        return self.server_address[1]


class Relay(BaseRequestHandler):
    """One connection; the server closes its side once its answer is whole (`Connection: close`)."""

    server: LossyProxy

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.target)) as there:
            threading.Thread(target=pump, args=(self.request, there), daemon=True).start()
            answer = b"".join(iter(lambda: there.recv(CHUNK), b""))
            if not self.server.losing:
                self.request.sendall(answer)
                return
            # The whole answer is here: whatever the server had to commit is committed.
            with self.server.counting:
                self.server.lost += bool(answer)
            # Wakes the thread that still reads what the person sends: the line is cut on both sides.
            self.request.shutdown(socket.SHUT_RDWR)


def pump(source: socket.socket, target: socket.socket) -> None:
    """What the person sends, passed on as it comes."""
    with suppress(OSError):
        for data in iter(lambda: source.recv(CHUNK), b""):
            target.sendall(data)


@contextmanager
def losing_answers(target: int) -> Iterator[LossyProxy]:
    """A relay in front of the server at the port `target`."""
    with LossyProxy(target) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
