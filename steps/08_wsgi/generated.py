"""A response whose length nobody knows yet: its content is made while it is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chunked import LAST_CHUNK, chunk
from response import Response


@dataclass
class GeneratedResponse(Response):
    """A response with content from an iterable of bytes, which is closed in the end."""

    source: Iterable[bytes] = ()
    chunked: bool = True
    """False for a client of HTTP/1.0, which knows no chunks: it reads until we close."""

    @property
    def length(self) -> None:
        """Nobody knows."""
        return None

    @property
    def framing(self) -> list[tuple[str, str]]:
        """Chunked, or nothing: then the end of the connection is the end (RFC 9112, 6.3)."""
        return [("Transfer-Encoding", "chunked")] if self.chunked else []

    def blocks(self) -> Iterator[bytes]:
        """What the source gives, each piece as a chunk of its own, then the last chunk.

        An empty piece is left out: as a chunk it would be the last one. Where the source fails
        there is no last chunk: the client knows that it has not got all (RFC 9112, section 8).
        """
        for data in self.source:
            if data:
                yield chunk(data) if self.chunked else data
        if self.chunked:
            yield LAST_CHUNK

    def close(self) -> None:
        """Let the source give back what it holds, also when nobody has asked for all of it."""
        if close := getattr(self.source, "close", None):
            close()
