"""Exercises 02.1 and 02.2: the lines of a head, read strictly."""

import pytest

from errors import HTTPError
from head_lines import parse_field_line, parse_request_line


def refused(function, *arguments, **named) -> int:
    """The status with which the function refuses these arguments."""
    try:
        answer = function(*arguments, **named)
    except HTTPError as error:
        return error.status
    given = ", ".join(map(repr, arguments))
    raise AssertionError(f"{given} is to be refused, not to give {answer!r}")


@pytest.mark.exercise("02.1")
class TestRequestLine:
    @pytest.mark.parametrize(
        "line, method, target, version",
        [
            (b"GET / HTTP/1.1", "GET", "/", "HTTP/1.1"),
            (b"POST /a/b?c=d HTTP/1.0", "POST", "/a/b?c=d", "HTTP/1.0"),
            (b"GET http://a/b HTTP/1.1", "GET", "http://a/b", "HTTP/1.1"),
            (b"OPTIONS * HTTP/1.1", "OPTIONS", "*", "HTTP/1.1"),
            (b"CONNECT a:443 HTTP/1.1", "CONNECT", "a:443", "HTTP/1.1"),
            (b"get / HTTP/1.1", "get", "/", "HTTP/1.1"),
            (b"M-SEARCH / HTTP/1.1", "M-SEARCH", "/", "HTTP/1.1"),
            (b"!#$%&'*+-.^_`|~09azAZ / HTTP/1.1", "!#$%&'*+-.^_`|~09azAZ", "/", "HTTP/1.1"),
            (b"GET /%00%zz HTTP/1.1", "GET", "/%00%zz", "HTTP/1.1"),
            (b'GET /!"$~[{|}]^` HTTP/1.1', "GET", '/!"$~[{|}]^`', "HTTP/1.1"),
        ],
    )
    def test_table(self, line, method, target, version):
        """A request line is a method, a target and a version (RFC 9112, section 3)."""
        assert parse_request_line(line) == (method, target, version)

    def test_any_path(self, rng):
        """The three parts come back as they were sent."""
        method = "".join(rng.choices("ABCXYZ", k=5))
        target = "/" + "".join(rng.choices("abc/?&=%;:@", k=20))
        line = f"{method} {target} HTTP/1.1".encode()
        assert parse_request_line(line) == (method, target, "HTTP/1.1")

    def test_one_space_between_three_parts(self):
        """One space, no tab and no second one, stands between the three (RFC 9112, section 3)."""
        for line in (
            b"",
            b" ",
            b"  ",
            b"GET",
            b"GET /",
            b"GET  HTTP/1.1",
            b" / HTTP/1.1",
            b"GET  / HTTP/1.1",
            b"GET /  HTTP/1.1",
            b"GET / HTTP/1.1 ",
            b" GET / HTTP/1.1",
            b"GET / HTTP/1.1 x",
            b"GET /a b HTTP/1.1",
            b"GET\t/\tHTTP/1.1",
            b"GET\x0b/\x0cHTTP/1.1",
            b"GET /\xa0HTTP/1.1",
        ):
            assert refused(parse_request_line, line) == 400

    def test_method_is_a_token(self):
        """A method is a token (RFC 9110, section 9.1)."""
        for method in (b"G(T", b"GET:", b"G/T", b'"GET"', b"G\0T", b"G\xc9T"):
            assert refused(parse_request_line, method + b" / HTTP/1.1") == 400

    def test_target_is_visible_ascii(self):
        """A target has visible ASCII only, and no fragment (RFC 9112, section 3.2)."""
        for target in (
            b"/caf\xc3\xa9",
            b"/\0",
            b"/\x7f",
            b"/\t",
            b"/\r",
            b"/a#b",
            b"/\x80",
            b"/\x1f",
        ):
            assert refused(parse_request_line, b"GET " + target + b" HTTP/1.1") == 400

    def test_malformed_version(self):
        """A version is HTTP/ in capitals, one digit, a point, one digit (RFC 9112, 2.3)."""
        for version in (
            "HTTP/1",
            "HTTP/",
            "HTTP",
            "http/1.1",
            "Http/1.1",
            "HTTPS/1.1",
            "FTP/1.1",
            "1.1",
            "HTTP/1.1.1",
            "HTTP/01.1",
            "HTTP/1.10",
            "HTTP/11.1",
            "HTTP/1,1",
            "HTTP/1.",
            "HTTP/.1",
            "HTTP/1.x",
            "HTTP/-1.1",
            "HTTP/+1.1",
            "HTTP/1.²",
            "HTTP/1.1\x00",
        ):
            assert refused(parse_request_line, f"GET / {version}".encode("latin-1")) == 400

    def test_other_major_version(self):
        """A version that is not 1.x is a 505 (RFC 9110, section 15.6.6)."""
        for version in (b"HTTP/2.0", b"HTTP/2", b"HTTP/3", b"HTTP/0.9"):
            assert refused(parse_request_line, b"GET / " + version) == 505
            assert refused(parse_request_line, b"PRI * " + version) == 505

    def test_later_minor_version(self):
        """A later 1.x is to be read as 1.1 (RFC 9110, section 6.2)."""
        for version in (b"HTTP/1.2", b"HTTP/1.9"):
            assert parse_request_line(b"GET / " + version) == ("GET", "/", "HTTP/1.1")


@pytest.mark.exercise("02.2")
class TestFieldLine:
    @pytest.mark.parametrize(
        "line, name, value",
        [
            (b"Host: example.com", "Host", "example.com"),
            (b"Host:example.com", "Host", "example.com"),
            (b"Host: example.com:8080", "Host", "example.com:8080"),
            (b"hOsT: A", "hOsT", "A"),
            (b"X: \t a b\tc \t ", "X", "a b\tc"),
            (b"X:", "X", ""),
            (b"X: \t ", "X", ""),
            (b"X:::", "X", "::"),
            (b"X: caf\xc3\xa9", "X", "caf\xc3\xa9"),
            (b"X: \xa0b\x85", "X", "\xa0b\x85"),
            (b"!#$%&'*+-.^_`|~09azAZ: v", "!#$%&'*+-.^_`|~09azAZ", "v"),
        ],
    )
    def test_table(self, line, name, value):
        """A name, a colon, a value: spaces and tabs around the value go (RFC 9112, section 5)."""
        assert parse_field_line(line) == (name, value)

    def test_any_value(self, rng):
        """Name and value come back as they were sent."""
        name = "X-" + "".join(rng.choices("abcXYZ", k=8))
        value = "".join(rng.choices("abc:;,= \t\xe9", k=20)) + "."
        assert parse_field_line(f"{name}: {value}".encode("latin-1")) == (name, value.lstrip(" \t"))

    def test_white_space_before_the_colon(self):
        """White space between name and colon is a 400 (RFC 9112, section 5.1)."""
        for line in (b"Host : a", b"Host\t: a", b"Transfer-Encoding : chunked"):
            assert refused(parse_field_line, line) == 400

    def test_folded_line(self):
        """A line that begins with white space is folded, which is a 400 (RFC 9112, 5.2)."""
        for line in (b" X: a", b"\tX: a", b"  folded", b" ", b" : a"):
            assert refused(parse_field_line, line) == 400

    def test_no_colon(self):
        """A line without a colon is a 400 (RFC 9112, section 5)."""
        for line in (b"X", b"", b"GET / HTTP/1.1", b"\xff", b"X=a"):
            assert refused(parse_field_line, line) == 400

    def test_name_is_a_token(self):
        """A name is a token, and never empty (RFC 9110, section 5.1)."""
        for name in (
            b"",
            b"X Y",
            b"X\0",
            b"X(",
            b'"X"',
            b"X/Y",
            b"\xc3\xa9",
            b"X\r",
            b"\x0bX",
            b"X\xa0",
        ):
            assert refused(parse_field_line, name + b": a") == 400

    def test_control_character_in_a_value(self):
        """CR, LF, NUL and the other controls in a value are a 400 (RFC 9110, section 5.5)."""
        for value in (b"a\0b", b"a\rb", b"a\nb", b"\x01", b"\x7f", b"a\x0b", b"\r"):
            assert refused(parse_field_line, b"X: " + value) == 400
