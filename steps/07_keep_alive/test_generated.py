"""A response of unknown length, and exercise 07.2: its blocks."""

import pytest

from chunked import LAST_CHUNK
from fields import Fields
from generated import GeneratedResponse
from response import head, pieces


def generated(source, *, chunked: bool = True) -> GeneratedResponse:
    """A response with this content."""
    return GeneratedResponse(200, b"", Fields(), source, chunked)


class Source:
    """Pieces, of which it is known how many were asked for, and whether it was closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.given, self.closed = list(pieces), 0, False

    def __iter__(self) -> "Source":
        return self

    def __next__(self) -> bytes:
        if self.given == len(self.pieces):
            raise StopIteration
        self.given += 1
        return self.pieces[self.given - 1]

    def close(self) -> None:
        """Give back what it holds."""
        self.closed = True


def fails(*pieces: bytes):
    """A source that fails after these pieces."""
    yield from pieces
    raise OSError("the disk")


@pytest.mark.exercise("07.2")
class TestBlocks:
    """What is sent, piece by piece."""

    def test_one_at_a_time(self):
        """A piece is asked for when it is to be sent, and not before: it may never end."""
        source = Source(b"a", b"b", b"c")
        blocks = generated(source).blocks()
        for count in (1, 2, 3):
            next(blocks)
            assert source.given == count, "a piece is asked for before it is to be sent"

    def test_chunks(self):
        """Each piece is a chunk of its own; then comes the last chunk (RFC 9112, section 7.1)."""
        blocks = list(generated([b"hello", b"0123456789ab"]).blocks())
        assert blocks == [b"5\r\nhello\r\n", b"c\r\n0123456789ab\r\n", b"0\r\n\r\n"]

    def test_nothing(self):
        """No content at all is the last chunk alone."""
        assert list(generated([]).blocks()) == [LAST_CHUNK]

    def test_empty_pieces(self):
        """A piece without a byte is left out: as a chunk it would be the last one."""
        sent = b"".join(generated([b"", b"a", b"", b"", b"b", b""]).blocks())
        assert sent == b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n"

    def test_without_chunks(self):
        """For HTTP/1.0 there are the pieces, and nothing else."""
        blocks = generated([b"a", b"", b"bc"], chunked=False).blocks()
        assert b"".join(blocks) == b"abc"

    @pytest.mark.parametrize("chunked", [True, False])
    def test_source_that_fails(self, chunked):
        """Where the source fails there is no last chunk: the client must not take it for whole."""
        sent = b""
        with pytest.raises(OSError, match="the disk"):
            for block in generated(fails(b"half"), chunked=chunked).blocks():
                sent += block
        assert sent == (b"4\r\nhalf\r\n" if chunked else b"half")

    def test_who_stops_in_the_middle(self):
        """Nobody may ask for all of it; then nothing more is sent, least of all the last chunk."""
        blocks = generated([b"a", b"b"]).blocks()
        next(blocks)
        blocks.close()


@pytest.mark.parametrize("chunked", [True, False])
def test_framing(chunked):
    """The head says chunked, or nothing; of a length there is never a word."""
    text = head(generated([b"a"], chunked=chunked))
    assert (b"\r\nTransfer-Encoding: chunked\r\n" in text) is chunked
    assert b"content-length" not in text.lower()


def test_handler_that_frames_it_itself():
    """What a handler writes about lengths counts for nothing: there is one opinion."""
    response = generated([b"a"])
    response.fields["Content-Length"] = "1"
    response.fields["Transfer-Encoding"] = "gzip"
    text = head(response)
    assert text.count(b"Transfer-Encoding") == 1
    assert b"\r\nTransfer-Encoding: chunked\r\n" in text
    assert b"content-length" not in text.lower()


def test_head():
    """The answer to HEAD has the head and no chunk, and asks the source for nothing."""
    source = Source(b"a")
    assert len(list(pieces(generated(source), is_head=True))) == 1
    assert source.given == 0


@pytest.mark.parametrize("status", [204, 304])
def test_no_content(status):
    """204 and 304 have no content, so they have no chunk and no Transfer-Encoding (9112, 6.1)."""
    response = generated([b"a"])
    response.status = status
    [text] = pieces(response, is_head=False)
    assert b"Transfer-Encoding" not in text


def test_close():
    """What the source holds is given back, if it has a `close`; a list has none."""
    source = Source(b"a")
    generated(source).close()
    assert source.closed
    generated([b"a"]).close()
