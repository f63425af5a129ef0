"""What an application of WSGI gives: status and headers, then blocks of content (PEP 3333)."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType

from environ import HOP_BY_HOP
from fields import Fields
from generated import GeneratedResponse
from persistence import connection_options
from response import Response

STATUS = re.compile(r"[2-5][0-9]{2}( [\t\x20-\x7e\x80-\xff]*)?")
"""A final status, and perhaps its reason phrase (RFC 9112, section 4)."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType]
"""What sys.exc_info gives."""


@dataclass
class HostedResponse(GeneratedResponse):
    """What an application gives: made while it is sent, but perhaps with a length told before."""

    length: int | None = None
    reason: str = ""

    @property
    def framing(self) -> list[tuple[str, str]]:
        """By its length, or else as everything whose length nobody knows."""
        return super().framing if self.length is None else [("Content-Length", str(self.length))]

    def blocks(self) -> Iterator[bytes]:
        """The content. What goes beyond the length is not sent: it would be the next answer.

        OSError where there is less: the client must see that it has not got all.
        """
        if self.length is None:
            yield from super().blocks()
            return
        left = self.length
        for data in self.source if left else ():
            if data := data[:left]:
                left -= len(data)
                yield data
            if not left:
                return  # or an application without end would be asked for ever
        if left:
            raise OSError(f"the application gave {left} bytes less than its Content-Length")


class Blocks:
    """The blocks that an application gives, of which some are there already."""

    def __init__(self, source: Iterable[bytes]) -> None:
        """TypeError where the source is no iterable."""
        self.source = source
        self.ready: list[bytes] = []
        self.rest = map(checked, source)

    def get_ready(self) -> None:
        """Ask for the first block that is not empty."""
        self.ready += itertools.islice(filter(None, self.rest), 1)

    def __iter__(self) -> Iterator[bytes]:
        """All of them; TypeError for what is no bytes."""
        return itertools.chain(self.ready, self.rest)

    def close(self) -> None:
        """Close what the application has given."""
        close(self.source)


def close(source: object) -> None:
    """What PEP 3333 demands at the end, whether all of it was sent or not, if it can be closed."""
    if method := getattr(source, "close", None):
        method()


def checked(block: object) -> bytes:
    """The block; TypeError where it is none."""
    if not isinstance(block, bytes):
        raise TypeError(f"an application gives blocks of bytes, not {block!r}")
    return block


class Answer:
    """What one call of an application comes to. Its method `start` is the start_response."""

    def __init__(self, is_head: bool = False) -> None:
        """`is_head` tells that the request was HEAD, to which many applications give no content."""
        self.is_head = is_head
        self.status: int | None = None
        self.phrase = ""
        self.fields = Fields()
        self.written: list[bytes] = []
        self.is_sent = False

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Take status, phrase and headers; returns the old way to give content, `write`.

        With `exc_info` they take the place of those before. Where those are sent already, its
        exception is raised again: an error page can't be put into the middle of an answer.
        ValueError for a second call without it, for a status that STATUS does not match as a whole,
        and for what is no header; TypeError for what is no text. All then stays as it was.
        """
        if exc_info and self.is_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if self.status is not None and not exc_info:
            raise ValueError("start_response was called twice, the second time without exc_info")
        if not STATUS.fullmatch(status):
            raise ValueError(f"a status is like '200 OK', not {status!r}")
        self.fields = Fields(headers)
        self.status, self.phrase = int(status[:3]), status[4:]
        return self.write

    def write(self, data: bytes) -> None:
        """The old way to give content. It counts as sent, and waits until the application returns.

        PEP 3333 would have it sent at once; but our handlers send nothing before they return.
        """
        self.written.append(checked(data))
        self.is_sent = self.is_sent or bool(data)

    def response(self, blocks: Blocks) -> Response:
        """The response, once the first block is there: until then the headers may change.

        What `write` was given stands before the blocks; if there is any, no block is waited for.
        From here on the head counts as sent. ValueError where the application has not called
        start_response by now, or tells a length that is none.
        """
        if not any(self.written):
            blocks.get_ready()
        if self.status is None:
            raise ValueError("the application has not called start_response")
        self.is_sent = True
        blocks.ready[:0] = self.written
        size = self.size(blocks)
        return HostedResponse(self.status, b"", self.own_fields(), blocks, True, size, self.phrase)

    def size(self, blocks: Blocks) -> int | None:
        """How many bytes of content there are: as told, or as counted; None where nobody knows.

        A Content-Length that is told is digits alone, or a ValueError. Counted is a list or tuple
        with one block, if `write` was not called (PEP 3333 has that rule), or with none; no other.
        To HEAD no content means nothing: a GET may give some (RFC 9110, section 8.6).
        """
        told = self.fields.get("Content-Length")
        if told and not re.fullmatch("[0-9]+", told):
            raise ValueError(f"a Content-Length is a number in decimal digits, not {told!r}")
        if told:
            return int(told)
        is_one = isinstance(blocks.source, list | tuple) and len(blocks.source) <= 1
        is_known = is_one and not self.written and not (self.is_head and not blocks.ready)
        return sum(map(len, blocks.ready)) if is_known else None

    def own_fields(self) -> Fields:
        """The headers but for those that are the server's; of Connection the option close stays."""
        fields = Fields(self.fields)
        closes = "close" in connection_options(fields)
        for name in HOP_BY_HOP:
            del fields[name]
        if closes:
            fields["Connection"] = "close"
        return fields
