"""The chunked coding, and exercises 07.3 and 07.5: a chunk's size, and chunk after chunk."""

import pytest

from chunked import (
    LAST_CHUNK,
    MAX_EXTENSION_BYTES,
    MAX_SIZE_LINE_BYTES,
    chunk,
    is_chunked,
    parse_size_line,
    read_chunks,
)
from errors import HTTPError
from fields import Fields
from received import Received

LIMIT = 1000
"""The longest body in here."""


def status_of(function, *arguments) -> int:
    """The status with which the function refuses these arguments."""
    try:
        answer = function(*arguments)
    except HTTPError as error:
        return error.status
    raise AssertionError(f"{arguments!r} is to be refused, not to give {answer!r}")


@pytest.mark.exercise("07.3")
class TestChunk:
    """One chunk, as it is sent."""

    @pytest.mark.parametrize(
        ("data", "sent"),
        [
            (b"hello", b"5\r\nhello\r\n"),
            (b"\r\n", b"2\r\n\r\n\r\n"),
            (b"0", b"1\r\n0\r\n"),
            ("Zoë".encode(), b"4\r\nZo\xc3\xab\r\n"),
        ],
    )
    def test_chunk(self, data, sent):
        """Size, CR LF, data, CR LF (RFC 9112, section 7.1)."""
        assert chunk(data) == sent

    @pytest.mark.parametrize("count", [9, 10, 15, 16, 26, 255, 4096, 65536])
    def test_size_is_hexadecimal(self, count):
        """The size is in hexadecimal digits, with nothing before them."""
        digits, _, rest = chunk(bytes(count)).partition(b"\r\n")
        assert digits.lower() == f"{count:x}".encode()
        assert rest == bytes(count) + b"\r\n"

    def test_no_data(self):
        """An empty chunk would be the last one: it is an error, and never sent."""
        with pytest.raises(ValueError):
            chunk(b"")


@pytest.mark.exercise("07.3")
class TestSizeLine:
    """The line before a chunk."""

    @pytest.mark.parametrize(
        ("line", "size"),
        [
            (b"0", 0),
            (b"5", 5),
            (b"000", 0),
            (b"0005", 5),
            (b"a", 10),
            (b"1A", 26),
            (b"1a", 26),
            (b"FFFFFFFFFFFFFFFF", 2**64 - 1),
        ],
    )
    def test_size(self, line, size):
        """Hexadecimal digits, in any case; zeros before them change nothing."""
        assert parse_size_line(line) == (size, 0)

    @pytest.mark.parametrize(
        "extensions",
        [
            b";a",
            b";a=b",
            b" ; a = b",
            b'\t;\ta\t=\t"b c"',
            b";a;b;c=d",
            b';a="x;y=z"',
            rb';a="quote \" and \\ backslash"',
            b';a=""',
        ],
    )
    def test_extensions(self, extensions):
        """Extensions are passed over, and their bytes are counted (RFC 9112, section 7.1.1)."""
        assert parse_size_line(b"1a" + extensions) == (26, len(extensions))

    @pytest.mark.parametrize(
        "line",
        [
            b"",
            b"+5",
            b"-5",
            b"0x5",
            b"0X5",
            b"5_0",
            b" 5",
            b"5 ",
            b"5\t",
            b"\x0b5",
            b"5\x0c",
            b"5.0",
            b"5h",
            b"g",
            b"five",
            b"5,5",
            b"5 5",
            "\uff15".encode(),
            "\u0665".encode(),
            b"\xb2",
            b"5\0",
            b"5\r",
            b"5\n",
            b"5;",
            b"5;;a",
            b"5;=b",
            b"5;a=",
            b"5;a b",
            b'5;a="b',
            b'5;a="b"c',
            b"5;a=b c",
            b"5;a\n",
            b"5;a\0",
            b'5;a="\n"',
            b'5;a="\\"',
        ],
    )
    def test_what_is_no_size(self, line):
        """All else is refused, also what `int` would take: a proxy may read another size there."""
        assert status_of(parse_size_line, line) == 400


def outcome(*pieces: bytes, limit: int = LIMIT):
    """What these pieces come to: the body and what waits behind it; or None for "need more"; or

    the status of an error.
    """
    received = Received()
    reading = read_chunks(received, limit)
    try:
        next(reading)
        for piece in pieces:
            received += piece
            next(reading)
    except StopIteration as finished:
        return finished.value, bytes(received)
    except HTTPError as error:
        return error.status
    return None


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


@pytest.mark.exercise("07.5")
class TestReadChunks:
    """A body, chunk after chunk. What follows the last chunk's line is the trailer."""

    @pytest.mark.parametrize(
        ("sent", "body"),
        [
            (b"0\r\n", b""),
            (b"000\r\n", b""),
            (b"5\r\nhello\r\n0\r\n", b"hello"),
            (b"2\r\nhe\r\n3\r\nllo\r\n0\r\n", b"hello"),
            (b"2\r\n\r\n\r\n0\r\n", b"\r\n"),
            (b"5\r\n0\r\n\r\n\r\n0\r\n", b"0\r\n\r\n"),
            (b"A\r\n0123456789\r\n1\r\na\r\n0\r\n", b"0123456789a"),
            (b'5;a=b\r\nhello\r\n0;c="d"\r\n', b"hello"),
            (b"1\r\n\n\r\n0\r\n", b"\n"),
            (b"1\r\n\r\r\n0\r\n", b"\r"),
        ],
    )
    def test_body(self, sent, body):
        """The data of all chunks: whole, byte by byte, and with more bytes behind."""
        assert outcome(sent) == (body, b"")
        assert outcome(*one_by_one(sent)) == (body, b"")
        behind = b"\r\nGET / HTTP/1.1\r\n"
        assert outcome(sent + behind) == (body, behind), "what follows belongs to somebody else"

    def test_cut_anywhere(self):
        """It makes no difference where the stream is cut; before the end it is "need more"."""
        sent = b"5;x=1\r\nhe\r\nl\r\n10\r\n0123456789abcdef\r\n0\r\n"
        for cut in range(1, len(sent)):
            assert outcome(sent[:cut]) is None
            assert outcome(sent[:cut], sent[cut:]) == (b"he\r\nl0123456789abcdef", b"")

    def test_any_chunks(self, rng):
        """What `chunk` writes is read again, however it was cut."""
        for _ in range(30):
            body = rng.randbytes(rng.randint(1, LIMIT))
            size = rng.randint(1, 100)
            parts = [body[at : at + size] for at in range(0, len(body), size)]
            sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n"
            cuts = sorted(rng.choices(range(len(sent)), k=3))
            pieces = [sent[i:j] for i, j in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
            assert outcome(*pieces) == (body, b"")

    @pytest.mark.parametrize(
        "sent",
        [
            b"5\r\nhelloX\r\n0\r\n",
            b"5\r\nhello0\r\n\r\n",
            b"5\r\nhello\n\n0\r\n",
            b"5\r\nhello\n0\r\n",
            b"5\r\nhello\r\r0\r\n",
            b"4\r\nhello\r\n0\r\n",
            b"6\r\nhello\r\n0\r\n\r\n",
            b"5\nhello\r\n0\r\n",
            b"5\r\nhello\r\n0\n",
            b"\r\n5\r\nhello\r\n",
            b"hello\r\n",
            b"0x5\r\nhello\r\n",
            b"5 \r\nhello\r\n",
            b"-1\r\n",
        ],
    )
    def test_malformed(self, sent):
        """A size that is none, or a chunk that does not end where its size says, is 400."""
        assert outcome(sent) == 400
        assert outcome(*one_by_one(sent)) == 400

    def test_limit(self):
        """All chunks together may have so many bytes, and no more."""
        at_the_limit = 10 * (b"64\r\n" + bytes(100) + b"\r\n")
        assert outcome(at_the_limit + b"0\r\n") == (bytes(LIMIT), b"")
        assert outcome(at_the_limit + b"1\r\n") == 413

    @pytest.mark.parametrize("size", [b"3e9", b"FFFFFFFF", b"F" * 17, b"9" * 200])
    def test_too_much_is_refused_at_once(self, size):
        """A chunk that is too long is refused by its size: nobody waits for its bytes."""
        assert outcome(size + b"\r\n") == 413

    def test_large_chunk_in_pieces(self):
        """A large chunk that comes in many pieces is taken as it comes, and held once."""
        received = Received()
        reading = read_chunks(received, 10_000_000)
        next(reading)
        received += b"80000\r\n"
        next(reading)
        for _ in range(50):
            received += bytes(1000)
            next(reading)
            assert not received, f"{len(received)} bytes have come and are not taken"

    def test_size_line_is_bounded(self):
        """A line that never ends is refused before it fills our memory."""
        assert outcome(b"0" * MAX_SIZE_LINE_BYTES + b"\r\n") == (b"", b"")
        assert outcome(b"0" * (MAX_SIZE_LINE_BYTES + 2)) == 413
        assert outcome(b"5;" + b"a" * MAX_SIZE_LINE_BYTES) == 413

    def test_extensions_are_bounded(self):
        """Extensions of all chunks together are bounded: one byte of body must not cost 250."""
        one = b"1;" + b"a" * 199 + b"\r\nx\r\n"
        count = MAX_EXTENSION_BYTES // 200
        assert outcome(one * count + b"0\r\n") == (b"x" * count, b"")
        assert outcome(one * (count + 1)) == 413


def test_last_chunk():
    """The last chunk has size 0, and no trailers: an empty line ends the body."""
    assert LAST_CHUNK == b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("version", "lines", "answer"),
    [
        ("HTTP/1.1", {"Transfer-Encoding": "chunked"}, True),
        ("HTTP/1.1", {"Transfer-Encoding": "Chunked"}, True),
        ("HTTP/1.1", {}, False),
        ("HTTP/1.1", {"Content-Length": "5"}, False),
        ("HTTP/1.1", {"Transfer-Encoding": "gzip, chunked"}, False),
        ("HTTP/1.1", {"Transfer-Encoding": "chunked, chunked"}, False),
        ("HTTP/1.1", {"Transfer-Encoding": "xchunked"}, False),
        ("HTTP/1.1", {"Transfer-Encoding": '"chunked"'}, False),
        ("HTTP/1.1", {"Transfer-Encoding": "chunked", "Content-Length": "5"}, False),
        ("HTTP/1.1", {"Transfer-Encoding": "chunked", "Content-Length": ""}, False),
        ("HTTP/1.0", {"Transfer-Encoding": "chunked"}, False),
    ],
    ids=str,
)
def test_is_chunked(version, lines, answer):
    """Chunks alone, with no second opinion on the length, and not in HTTP/1.0 (RFC 9112, 6.1)."""
    assert is_chunked(version, Fields(lines)) is answer
