"""A tiny reverse proxy that takes framing as its habits have it: made to be attacked through.

All its clients share one connection to the server, as with a real proxy. So if one of them makes
proxy and server disagree where a request ends, the next one gets an answer that is not its own.
"""

import contextlib
import socket

from course.attack.background import Background
from course.attack.lax_framing import Garbled, Habits, request_end
from course.attack.victim import Victim
from course.grammar import Malformed
from course.responses import Response, ResponseReader

READ_BYTES = 64 * 1024
WAIT_SECONDS = 3.0
"""How long it waits for a client, or for the server's answer."""

ACCEPT_SECONDS = 0.2

BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nX-By: proxy\r\n\r\n"
NO_ANSWER = b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\nX-By: proxy\r\n\r\n"


class LaxProxy(Background):
    """Listens on a port of its own while it is entered; one client at a time."""

    def __init__(self, victim: Victim, habits: Habits) -> None:
        super().__init__()
        self.victim, self.habits = victim, habits
        self.upstream: socket.socket | None = None
        self.unread = b""
        """What the server has said, and was no part of an answer yet: the next one's, it seems."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def wake(self) -> None:
        """It waits for a client: here is one."""
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), WAIT_SECONDS).close()

    def work(self) -> None:
        """Attend one client after the other."""
        self._listener.settimeout(ACCEPT_SECONDS)
        with self._listener:
            while not self.over.is_set():
                with contextlib.suppress(OSError):
                    client, _ = self._listener.accept()
                    with client:
                        client.settimeout(WAIT_SECONDS)
                        self.attend(client)

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.hang_up()

    def attend(self, client: socket.socket) -> None:
        """Pass on one request after the other, and their answers, until the client ends."""
        data = b""
        while True:
            try:
                end = request_end(data, self.habits)
            except Garbled:
                client.sendall(BAD_REQUEST)
                return
            if end is not None:
                client.sendall(self.passed_on(data[:end]))
                data = data[end:]
            elif more := client.recv(READ_BYTES):
                data += more
            else:
                return

    def passed_on(self, request: bytes) -> bytes:
        """The answer to a request, byte for byte.

        A kept connection may have been ended meanwhile: then the request is sent once more.
        """
        for _ in range(2):
            fresh = self.upstream is None
            try:
                answer = self.answer(request)
            except (OSError, Malformed):
                self.hang_up()
                if fresh:
                    break
                continue
            if answer.closes:
                self.hang_up()
            return answer.raw
        return NO_ANSWER

    def answer(self, request: bytes) -> Response:
        """Send it to the server, and read one answer: the first in what comes, or has come."""
        if self.upstream is None:
            self.upstream, self.unread = self.victim.connect(), b""
            self.upstream.settimeout(WAIT_SECONDS)
        self.upstream.sendall(request)
        reader = ResponseReader(request.partition(b" ")[0].decode("latin-1"))
        came = self.unread
        while not (answer := reader.feed(came)):
            came = self.upstream.recv(READ_BYTES)
            if not came:
                raise ConnectionError("the server has ended")
            self.unread += came
        self.unread = self.unread[reader.at :]
        return answer

    def hang_up(self) -> None:
        """End the connection to the server; what was unread in it is gone."""
        if self.upstream:
            self.upstream.close()
        self.upstream, self.unread = None, b""
