"""The chunked transfer coding: a body in pieces, each with its size before it (RFC 9112, 7.1)."""

import re
from collections.abc import Generator

from errors import HTTPError
from fields import Fields
from received import Received

LAST_CHUNK = b"0\r\n\r\n"
"""A chunk of size 0, and no trailers: the body is whole (RFC 9112, section 7.1)."""

MAX_SIZE_LINE_BYTES = 256
"""The line before a chunk. 16 digits count more bytes than there are."""

MAX_EXTENSION_BYTES = 4096
"""All chunk extensions of a body together. We ignore what they say, but they cost time."""

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
QUOTED = r'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"'
EXTENSION = rf"[ \t]*;[ \t]*{TOKEN}(?:[ \t]*=[ \t]*(?:{TOKEN}|{QUOTED}))?"
SIZE_LINE = re.compile(rf"([0-9A-Fa-f]+)((?:{EXTENSION})*)")


def is_chunked(version: str, fields: Fields) -> bool:
    """Whether the body is in chunks, in no other coding, and with no second opinion on its length.

    What else a Transfer-Encoding may say is refused by `body_length` (RFC 9112, section 6.1).
    """
    coding = fields.get("Transfer-Encoding").strip(" \t").lower()
    return coding == "chunked" and version != "HTTP/1.0" and "Content-Length" not in fields


def chunk(data: bytes) -> bytes:
    """The data as one chunk: its size in hexadecimal digits, CR LF, the data, CR LF.

    ValueError for no data: a chunk of size 0 is the end of the body.
    """
    if not data:
        raise ValueError("an empty chunk would end the body")
    return b"%x\r\n%b\r\n" % (len(data), data)


def parse_size_line(line: bytes) -> tuple[int, int]:
    """The size that the line before a chunk tells, and how many bytes of it are extensions.

    `1aF;name=value;name="quoted"`: hexadecimal digits, then any number of extensions. All
    else that `int` would take for a number (+5, 0x5, 5_0, white space before or after) is
    HTTPError 400: a proxy in front of us may read it as another size.
    """
    matched = SIZE_LINE.fullmatch(line.decode("latin-1"))
    if not matched:
        raise HTTPError(400, "A chunk begins with its size, in hexadecimal digits alone.")
    digits, extensions = matched.groups()
    return int(digits, 16), len(extensions)


def read_chunks(received: Received, limit: int) -> Generator[None, None, bytes]:
    """Take chunk after chunk, the one of size 0 too: the data of all. What follows is the trailer.

    Data is taken as it comes, and not only when its chunk is whole. HTTPError 400 where a size is
    malformed or the chunk does not end where it says; 413 as soon as it is clear that there are
    more bytes than the limit, for a line before a chunk that is longer than MAX_SIZE_LINE_BYTES,
    and for more than MAX_EXTENSION_BYTES of extensions in all.
    """
    body, extensions = bytearray(), 0
    too_long = HTTPError(413, "The line before a chunk is too long.")
    while True:
        line = yield from received.line(MAX_SIZE_LINE_BYTES, too_long)
        size, more = parse_size_line(line)
        extensions += more
        if extensions > MAX_EXTENSION_BYTES:
            raise HTTPError(413, "The chunks have too many extensions.")
        if not size:
            return bytes(body)
        if len(body) + size > limit:
            raise HTTPError(413, f"The body is longer than {limit} bytes.")
        while size:
            if not received:
                yield
            data = received.take(size)
            body += data
            size -= len(data)
        if (yield from received.exactly(len(b"\r\n"))) != b"\r\n":
            raise HTTPError(400, "A chunk does not end where its size says.")
