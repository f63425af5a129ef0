"""What has come and is not yet read. Each `yield` means "need more": see request.py."""

import re
from collections.abc import Generator

from errors import HTTPError

CHUNK_BYTES = 64 * 1024
"""What is read from a connection at a time."""

BARE_CR = re.compile(rb"\r[^\n]")


class Received(bytearray):
    """Bytes that are taken off at the front: by lines, or by number."""

    def line(self, limit: int, too_long: HTTPError) -> Generator[None, None, bytes]:
        """Take a line, without its end. HTTPError 400 where it does not end with CR LF.

        `too_long` is raised where it has more bytes than the limit.
        """
        while (end := self.find(b"\n")) < 0:
            check_line(self, limit, too_long)
            yield
        line = self.take(end + len(b"\n"))[:-1]
        check_line(line, limit, too_long)
        if not line.endswith(b"\r"):
            raise HTTPError(400, "A line ends with CR and LF together, not with LF alone.")
        return line[:-1]

    def exactly(self, count: int) -> Generator[None, None, bytes]:
        """Take this many bytes."""
        while len(self) < count:
            yield
        return self.take(count)

    def take(self, count: int) -> bytes:
        """Take as many bytes as are there, but no more than `count`."""
        with memoryview(self) as view:  # a slice of ourselves would be one copy more
            taken = bytes(view[:count])
        del self[:count]
        return taken


def check_line(line: bytes | bytearray, limit: int, too_long: HTTPError) -> None:
    """Refuse what can no longer become a good line, whole or not: a bare CR, or too many bytes.

    Nobody looks further than the limit, so that the answer is the same however the line was cut.
    """
    if BARE_CR.search(line, 0, limit + len(b"\r\n")):
        raise HTTPError(400, "A line has a CR in it that is not followed by LF.")
    if len(line) > limit + len(b"\r"):
        raise too_long
