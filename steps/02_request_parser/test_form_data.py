"""Files in a form: the same parts wherever the body is cut, and never more than the limits."""

import form_data
from errors import HTTPError
from form_data import (
    MAX_PART_HEAD_BYTES,
    MAX_PARTS,
    Part,
    parse_multipart,
    read_parts,
)

BODY = (
    b"--B\r\n"
    b'Content-Disposition: form-data; name="word"\r\n'
    b"\r\n"
    b"fish & chips\r\n"
    b"--B\r\n"
    b'content-disposition: Form-Data; name="file"; filename="a.bin"\r\n'
    b"Content-Type: application/octet-stream\r\n"
    b"\r\n"
    b"\r\n--\r\n-B\r\n--A\0\xff\r\n\r\n"
    b"\r\n"
    b"--B--\r\n"
)
PARTS = [
    Part("word", None, "text/plain", b"fish & chips"),
    Part("file", "a.bin", "application/octet-stream", b"\r\n--\r\n-B\r\n--A\0\xff\r\n\r\n"),
]


def parts(*blocks: bytes, boundary: str = "B") -> list[Part]:
    """The parts of a body that comes in these blocks."""
    return parse_multipart(blocks, boundary)


def part(content: bytes, disposition: bytes = b'form-data; name="a"', *lines: bytes) -> bytes:
    """One part, with the boundary line before it and the line end after it."""
    head = b"".join(line + b"\r\n" for line in (b"Content-Disposition: " + disposition, *lines))
    return b"--B\r\n" + head + b"\r\n" + content + b"\r\n"


def refused(*blocks: bytes, boundary: str = "B") -> int:
    """The status with which a body in these blocks is refused."""
    try:
        found = parts(*blocks, boundary=boundary)
    except HTTPError as error:
        return error.status
    raise AssertionError(f"this body is to be refused, not to be {len(found)} parts")


def one_by_one(data: bytes) -> list[bytes]:
    """The data cut into single bytes."""
    return [bytes([byte]) for byte in data]


def test_parts():
    """A form's controls and files come as parts between boundary lines (RFC 7578, section 4)."""
    assert parts(BODY) == PARTS


def test_every_split():
    """It makes no difference where the body is cut, not even inside a boundary."""
    for cut in range(len(BODY) + 1):
        assert parts(BODY[:cut], BODY[cut:]) == PARTS
    assert parts(*one_by_one(BODY)) == PARTS
    for size in range(2, 12):
        assert parts(*(BODY[at : at + size] for at in range(0, len(BODY), size))) == PARTS


def test_any_content(rng):
    """A file may hold any bytes but the boundary, even nearly all of it."""
    for _ in range(20):
        content = b"".join(rng.choices([b"\r", b"\n", b"\r\n", b"-", b"--", b"B", b"x"], k=40))
        content = content.replace(b"--B", b"--C")
        body = part(content) + part(b"") + b"--B--"
        cuts = sorted(rng.choices(range(len(body)), k=4))
        blocks = [body[i:j] for i, j in zip([0, *cuts], [*cuts, None], strict=True)]
        assert [found.content for found in parts(*blocks)] == [content, b""]


def test_content_comes_before_its_end():
    """A file is handed on while it comes, so that a large one need not be in memory."""

    def blocks():
        yield part(b"x" * 1000)[:-2]
        raise AssertionError("asked for more before what had come was handed on")

    reader = read_parts(blocks(), "B")
    assert next(reader) == Part("a", None, "text/plain")
    assert len(next(reader)) >= 1000 - len(b"\r\n--B")


def test_names():
    """Names are UTF-8, with quotes escaped as browsers do it (RFC 7578, sections 4.2 and 5.1)."""
    for disposition, name, filename in (
        (b'form-data; name="a"', "a", None),
        (b"form-data; name=a", "a", None),
        (b'form-data; name=""', "", None),
        (b'form-data; name="a"; filename=""', "a", ""),
        (b'form-data; filename="b.txt"; name="a"', "a", "b.txt"),
        (
            'form-data; name="naïve"; filename="caf\u00e9 \u20ac.txt"'.encode(),
            "naïve",
            "café €.txt",
        ),
        (b'form-data; name="a%22b"; filename="%0D%0A%41"', 'a"b', "\r\n%41"),
        (b'form-data; name="a"; filename="x; name=b"', "a", "x; name=b"),
        (rb'form-data; name="a"; filename="say \"hi\".txt"', "a", 'say "hi".txt'),
        (rb'form-data; name="a"; filename="C:\temp\x.txt"', "a", r"C:\temp\x.txt"),
        (b'form-data; name="a"; filename="../../etc/passwd"', "a", "../../etc/passwd"),
        (b'form-data; name="\xff"', "\ufffd", None),
    ):
        [found] = parts(part(b"", disposition) + b"--B--")
        assert (found.name, found.filename) == (name, filename), disposition


def test_media_type_of_a_part():
    """A part without Content-Type is plain text (RFC 7578, section 4.4)."""
    [plain, image] = parts(
        part(b"") + part(b"", b"form-data; name=a", b"Content-TYPE: image/png", b"X: y") + b"--B--"
    )
    assert (plain.media_type, image.media_type) == ("text/plain", "image/png")


def test_around_the_parts():
    """What stands before the first boundary and after the last is no part (RFC 2046, 5.1.1)."""
    assert parts(b"preamble\r\n" + BODY + b"epilogue\r\n--B\r\n") == PARTS
    assert parts(BODY.removesuffix(b"\r\n")) == PARTS
    assert parts(BODY.replace(b"--B\r\n", b"--B \t\r\n")) == PARTS
    assert parts(b"--B--") == []


def test_malformed():
    """A body that ends early, or whose parts have no name, is a 400 (RFC 7578, section 4)."""
    for body in (
        b"",
        b"--B",
        b"--B-",
        b"--B\r\n",
        b"no boundary",
        b"--C--",
        BODY.removesuffix(b"--\r\n"),
        part(b"x"),
        b"--Bx\r\n" + part(b"") + b"--B--",
        b"--B\r\n\r\nno head\r\n--B--",
        part(b"", b"form-data") + b"--B--",
        part(b"", b"attachment; name=a") + b"--B--",
        part(b"", b'form-data; filename="a"') + b"--B--",
        part(b"", b"form-data; name=a", b"no colon") + b"--B--",
        part(b"", b"form-data; name=a", b"X : y") + b"--B--",
        part(b"", b"form-data; name=a\nX: y") + b"--B--",
    ):
        assert refused(body) == 400
        assert refused(*one_by_one(body)) == 400


def test_boundary_is_no_pattern():
    """A boundary is text, whatever its characters mean elsewhere; 70 at most (RFC 2046, 5.1.1)."""
    for boundary in ("x", "(.)+", "a b", "'()+_,-./:=?", "-" * 70):
        body = BODY.replace(b"--B", b"--" + boundary.encode())
        assert [found.name for found in parts(body, boundary=boundary)] == ["word", "file"]
    for boundary in ("", "x" * 71, "x ", "x\r\n", "é", "a*b"):
        assert refused(BODY, boundary=boundary) == 400


def test_too_many_parts():
    """A form has MAX_PARTS parts at most: one more is a 413."""
    body = part(b"") * MAX_PARTS
    assert len(parts(body + b"--B--")) == MAX_PARTS
    assert refused(body + part(b"") + b"--B--") == 413


def test_large_part(monkeypatch):
    """A part has MAX_PART_BYTES at most: one more is a 413."""
    monkeypatch.setattr(form_data, "MAX_PART_BYTES", 1000)
    [found] = parts(part(b"x" * 1000), b"--B--")
    assert found.content == b"x" * 1000
    assert refused(part(b"x" * 1001), b"--B--") == 413
    assert refused(part(b""), part(b"x" * 1001), b"--B--") == 413


def test_part_without_content():
    """A part may end with its head, and the next boundary stands right behind (RFC 2046, 5.1.1)."""
    head = b"--B\r\nContent-Disposition: form-data; name="
    body = head + b"a\r\n\r\n" + head + b"b\r\n\r\nc\r\n--B--"
    for cut in range(len(body)):
        found = [(part.name, part.content) for part in parts(body[:cut], body[cut:])]
        assert found == [("a", b""), ("b", b"c")]


def test_large_head_of_a_part():
    """The head of a part has MAX_PART_HEAD_BYTES at most: more is a 413, however it comes."""
    others = b"Content-Disposition: form-data; name=a\r\nX: \r\n"
    line = b"X: " + b"x" * (MAX_PART_HEAD_BYTES - len(others))
    fits = part(b"", b"form-data; name=a", line) + b"--B--"
    end = fits.index(line) + len(line)
    for cut in range(end - 2, end + 6):
        assert [found.name for found in parts(fits[:cut], fits[cut:])] == ["a"]
    large = fits.replace(line, line + b"x")
    assert refused(large) == refused(large[:end], large[end:]) == 413
    assert refused(part(b"", b"form-data; name=a", *[b"X:"] * 2500)) == 413
    assert refused(b"--B\r\n", *[b"x" * 1000] * 10) == 413
    assert refused(b"--B", *[b"x" * 1000] * 10) == 413
