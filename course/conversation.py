"""What a check says and hears on a raw connection: whole responses, bytes, and the end.

Every failure is a CheckFailure whose report shows what was sent and received so far.
"""

import time

from course.connection import TOTAL_SECONDS, Connection
from course.endings import Ending
from course.expectations import Answer, Delivery
from course.grammar import Malformed
from course.responses import Response, ResponseReader
from course.xray import CheckFailure, Flaw, Mark, difference, first_difference

GOODBYE_SECONDS = 0.25
"""How long a server that keeps the connection may take to see that we have ended our side."""


class Wire(Connection):
    """A raw connection, as a context manager.

    All methods that wait raise CheckFailure after `deadline` seconds without a byte.
    """

    _read = 0

    def read_response(self, method: str = "GET", *, close_delimited: bool = False) -> Answer:
        """The next response, to a request with this method; what follows it stays unread."""
        __tracebackhide__ = True
        return Answer(
            (Delivery(self.response(method, close_delimited=close_delimited), self.fail),)
        )

    def response(self, method: str = "GET", *, close_delimited: bool = False) -> Response:
        """As read_response, without the means to compare it."""
        __tracebackhide__ = True
        reader = ResponseReader(method, close_delimited, self._read)
        until = time.monotonic() + TOTAL_SECONDS
        silent = False
        try:
            while (response := reader.feed(self._received[reader.fed :])) is None:
                if not self._more(until):
                    silent = self.ending is None
                    response = reader.end(self.ending or Ending.SILENT, self.deadline)
                    break
        except Malformed as error:
            raise self.fail(error.flaw, silent=silent) from None
        self._read = reader.at
        self.answered = True
        return response

    def read_exactly(self, count: int) -> bytes:
        """The next `count` bytes."""
        __tracebackhide__ = True
        until = time.monotonic() + TOTAL_SECONDS
        while len(self._received) - self._read < count:
            if not self._more(until):
                missing = count - (len(self._received) - self._read)
                raise self._cut_short(f"expected {missing:,} more bytes", f"{count:,} bytes")
        return self._take(count)

    def read_all(self) -> bytes:
        """All that comes until the server closes the connection."""
        __tracebackhide__ = True
        until = time.monotonic() + TOTAL_SECONDS
        while self._more(until):
            pass
        if self.ending is not Ending.CLOSED:
            raise self._cut_short("expected more, or the end", "that the server closes, at last")
        return self._take(len(self._received) - self._read)

    def expect_bytes(self, expected: bytes, note: str = "") -> None:
        """Read as many bytes as are expected; they must be these. `note` explains them."""
        __tracebackhide__ = True
        start, until, right = self._read, time.monotonic() + TOTAL_SECONDS, 0
        while right < len(expected):
            came = self._received[start + right : start + len(expected)]
            if not expected.startswith(came, right):
                right += first_difference(expected[right:], bytes(came))
                says = difference(expected, bytes(self._received[start:]))
                mark, expected_mark = Mark(start + right, 1, says), Mark(right, 1, "")
                summary = "other bytes than expected"
                raise self.fail(
                    Flaw("wrong bytes", summary, mark, expected, expected_mark, advice=note)
                )
            right += len(came)
            if right < len(expected) and not self._more(until):
                says = f"expected {len(expected) - right:,} more bytes"
                raise self._cut_short(says, expected, Mark(right, 1, ""), note)
        self._take(len(expected))

    def expect_closed(self) -> None:
        """The server must close the connection without another byte; a reset will do."""
        __tracebackhide__ = True
        if self._has_unread() or self._more(time.monotonic() + TOTAL_SECONDS):
            mark = Mark(self._read, 1, "expected the end of the connection here")
            expected = ("nothing more: the server closes the connection",)
            raise self.fail(Flaw("too many bytes", "more bytes than expected", mark, expected))
        if self.ending is None:
            summary = (
                f"the server does not close: after {self.deadline:.1f} s the connection is open"
            )
            expected = ("the server closes the connection",)
            raise self.fail(Flaw("not closed", summary, None, expected), silent=True)

    def expect_end(self, response: Response, *, behind: bool = False) -> None:
        """Nothing may follow the response, but the answer to what was sent `behind` the request.

        After `Connection: close` the server has to close by itself. Otherwise we end our side,
        so that it has no reason to wait.
        """
        __tracebackhide__ = True
        if not response.closes:
            self._end_our_side()
        seconds = self.deadline if response.closes else GOODBYE_SECONDS
        until = time.monotonic() + TOTAL_SECONDS
        while self._more(until, seconds):
            pass
        if behind and not response.closes and self._has_unread():
            response = self.response()
        if self._received.startswith(b"HTTP/1.", self._read):
            raise self.fail(second_response(response, self._read))
        if self._has_unread():
            came = len(self._received) - response.head_end
            raise self.fail(response.framing.too_long(came, self._read))
        if response.closes and self.ending is None:
            raise self.fail(kept_open(response, self.deadline), silent=True)

    def _cut_short(
        self, says: str, expected: bytes | str, mark: Mark | None = None, advice: str = ""
    ) -> CheckFailure:
        """The failure of a read that the server left unsatisfied."""
        here = Mark(len(self._received), 1, says)
        want = expected if isinstance(expected, bytes) else (expected,)
        kind, summary = "closed too early", f"closed too early: {says}"
        if self.ending is None:
            kind = "hangs"
            summary = f"nothing for {self.deadline:.1f} s: {says}; the connection is still open"
        elif self.ending is Ending.RESET:
            kind, summary = "reset", f"the server reset the connection: {says}"
        flaw = Flaw(kind, summary, here, want, mark, advice)
        return self.fail(flaw, silent=self.ending is None)

    def _has_unread(self) -> bool:
        return self._read < len(self._received)

    def _take(self, count: int) -> bytes:
        self._read += count
        return bytes(self._received[self._read - count : self._read])


def second_response(response: Response, at: int) -> Flaw:
    """Another response, to a request that was not sent, or after the announced end."""
    closing = " after Connection: close" if response.closes else ""
    mark = Mark(at, 1, f"expected nothing{closing}")
    return Flaw("bytes after the end", "two responses, one was expected", mark)


def kept_open(response: Response, seconds: float) -> Flaw:
    """The server said that it closes, and does not."""
    line = response.fields.lines_of("Connection")[0]
    mark = line.value_mark(f"but after {seconds:.1f} s the connection is still open")
    summary = "the server announced to close the connection, and keeps it open"
    return Flaw("not closed", summary, mark, rfc="RFC 9112, section 9.6")
