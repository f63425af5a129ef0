"""Targets, and exercise 02.3: percent-encoding is undone once, and nothing is guessed."""

import urllib.parse

import pytest

from errors import HTTPError
from target import Target, is_authority, parse_query, parse_target, percent_decode


def some_text(rng) -> str:
    """Letters of several alphabets, and what has a meaning in a URL."""
    return "".join(rng.choices("abc /?&=+%#;é\u20ac\U0001f600\x00\n", k=30))


def expect_value_error(text: str) -> None:
    """`percent_decode` refuses the text."""
    try:
        answer = percent_decode(text)
    except ValueError:
        return
    raise AssertionError(f"percent_decode({text!a}) is to raise ValueError, not return {answer!a}")


@pytest.mark.exercise("02.3")
class TestPercentDecode:
    @pytest.mark.parametrize(
        "text, decoded",
        [
            ("", ""),
            ("plain", "plain"),
            ("%41%42", "AB"),
            ("caf%C3%A9", "café"),
            ("caf%c3%a9", "café"),
            ("%E2%82%AC%F0%9F%98%80", "\u20ac\U0001f600"),
            ("a%2Fb/c", "a/b/c"),
            ("a+b", "a+b"),
            ("a%2Bb%20c", "a+b c"),
            ("%00", "\0"),
            ("100%25", "100%"),
            ("é%C3%A9", "éé"),
        ],
    )
    def test_table(self, text, decoded):
        """Each %XX is a byte, in either case, and the bytes are UTF-8 (RFC 3986, section 2.1)."""
        assert percent_decode(text) == decoded

    def test_decodes_once(self):
        """It decodes once: %2541 is the text %41, not the letter A (RFC 3986, section 2.4)."""
        assert percent_decode("%2541") == "%41"
        assert percent_decode("%252e%252e%252f") == "%2e%2e%2f"

    def test_any_text(self, rng):
        """Whatever was percent-encoded comes back."""
        for _ in range(50):
            text = some_text(rng)
            assert percent_decode(urllib.parse.quote(text, safe="+/")) == text

    def test_broken_escape(self):
        """A "%" without two hexadecimal digits behind it is a ValueError, never a guess."""
        for text in (
            "%",
            "a%",
            "%4",
            "%4%41",
            "%zz",
            "%%41",
            "% 41",
            "%+1",
            "%-1",
            "%4 ",
            "%0x41",
            "%\uff14\uff11",
        ):
            expect_value_error(text)

    def test_not_utf_8(self):
        """Bytes that are not UTF-8 are a ValueError: %C0%AF is no way to write "/"."""
        for text in ("%E9", "%C3", "%C3x%A9", "%FF", "%C0%AF", "%ED%A0%80"):
            expect_value_error(text)


@pytest.mark.exercise("02.3")
class TestParseQuery:
    @pytest.mark.parametrize(
        "text, pairs",
        [
            ("", []),
            ("a=1", [("a", "1")]),
            ("b=2&a=1", [("b", "2"), ("a", "1")]),
            ("a=1&a=2&a=1", [("a", "1"), ("a", "2"), ("a", "1")]),
            ("a=&b", [("a", ""), ("b", "")]),
            ("=x&=", [("", "x"), ("", "")]),
            ("a=b=c", [("a", "b=c")]),
            ("&&a=1&", [("a", "1")]),
            ("a=1;b=2", [("a", "1;b=2")]),
            ("fish+chips=salt+%2B+vinegar", [("fish chips", "salt + vinegar")]),
            ("%26=%3D&a%3Db=c", [("&", "="), ("a=b", "c")]),
            ("drink=caf%C3%A9", [("drink", "café")]),
            ("a=%2541", [("a", "%41")]),
        ],
    )
    def test_table(self, text, pairs):
        """Names and values in their order, repeated and blank ones too (URL standard, 5.1)."""
        assert parse_query(text) == pairs

    def test_nothing_is_refused(self):
        """A broken escape stays as it is; bytes that are not UTF-8 become U+FFFD."""
        for text, value in (
            ("100%", "100%"),
            ("%zz%41", "%zzA"),
            ("%4", "%4"),
            ("%+1", "% 1"),
            ("%FF", "\ufffd"),
            ("%C3%28", "\ufffd("),
        ):
            assert parse_query(f"a={text}") == [("a", value)], text

    def test_any_pairs(self, rng):
        """Whatever a form encodes comes back."""
        for _ in range(50):
            pairs = [(some_text(rng), some_text(rng)) for _ in range(rng.randrange(6))]
            assert parse_query(urllib.parse.urlencode(pairs)) == pairs


def test_four_forms():
    """A target has the origin-, absolute-, authority- or asterisk-form (RFC 9112, section 3.2)."""
    for method, text, path, query, authority in (
        ("GET", "/", "/", "", None),
        ("GET", "/a/b?c=d&e", "/a/b", "c=d&e", None),
        ("GET", "/?", "/", "", None),
        ("GET", "/a?b?c", "/a", "b?c", None),
        ("GET", "//example.com/a", "//example.com/a", "", None),
        ("GET", "/caf%C3%A9?caf%C3%A9=%", "/caf%C3%A9", "caf%C3%A9=%", None),
        ("POST", "/a:b@c", "/a:b@c", "", None),
        ("GET", "http://example.com/a?b", "/a", "b", "example.com"),
        ("GET", "http://example.com:8080", "/", "", "example.com:8080"),
        ("GET", "HTTP://example.com?b=/c", "/", "b=/c", "example.com"),
        ("GET", "https://[::1]:8443/", "/", "", "[::1]:8443"),
        ("OPTIONS", "http://a/", "/", "", "a"),
        ("OPTIONS", "*", "*", "", None),
        ("OPTIONS", "/a", "/a", "", None),
        ("CONNECT", "example.com:443", "", "", "example.com:443"),
        ("CONNECT", "[::1]:443", "", "", "[::1]:443"),
    ):
        target = parse_target(method, text)
        assert target == Target(path, query, authority), f"{method} {text}"


def test_targets_that_are_none():
    """A target of no form, or of one that the method must not use, is a 400 (section 3.2)."""
    for method, text in (
        ("GET", "a"),
        ("GET", "*"),
        ("GET", "?a"),
        ("GET", "example.com:443"),
        ("OPTIONS", "*a"),
        ("GET", "ftp://a/"),
        ("GET", "http:/a"),
        ("GET", "http://"),
        ("GET", "http:///a"),
        ("GET", "http://:80/"),
        ("GET", "http://user@a/"),
        ("GET", "http://a:b/"),
        ("GET", "http://a%/"),
        ("GET", "/%"),
        ("GET", "/%zz"),
        ("GET", "/%FF"),
        ("GET", "http://a/%C0%AF"),
        ("CONNECT", "/"),
        ("CONNECT", "a"),
        ("CONNECT", "a:"),
        ("CONNECT", ":443"),
        ("CONNECT", "http://a:443"),
    ):
        try:
            target = parse_target(method, text)
        except HTTPError as error:
            assert error.status == 400, f"{method} {text}"
        else:
            raise AssertionError(f"{method} {text} is to be refused, not to be {target}")


def test_authority():
    """A Host holds a name or an address, perhaps a port, and nothing else (RFC 9110, 7.2)."""
    for text in ("example.com", "example.com:80", "127.0.0.1:8080", "[2001:db8::1]:80", "a:", ""):
        assert is_authority(text), text
    assert is_authority("a_b~c.example")
    assert is_authority("caf%C3%A9.example")


def test_authority_that_is_none():
    """User names, paths, two ports, half an address or a space have no place in a Host."""
    for text in ("user@a", "a b", "a/b", "a:80:80", "a:8o", "[::1", "::1", "[::1]a", "a%zz", "é"):
        assert not is_authority(text), text
    assert not is_authority("a\n")
