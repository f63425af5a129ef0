"""What is in a body: JSON, a form, files."""

from bodies import (
    MAX_FORM_FIELDS,
    MAX_TEXT_BYTES,
    media_type,
    parse_files,
    parse_form,
    parse_json,
)
from errors import HTTPError
from fields import Fields
from request import Request
from target import Target


def request(body: bytes, content_type: str = "application/json") -> Request:
    """A POST with this body."""
    return Request("POST", Target("/"), "HTTP/1.1", Fields({"Content-Type": content_type}), body)


def refused(function, made: Request) -> int:
    """The status with which the function refuses this request."""
    try:
        answer = function(made)
    except HTTPError as error:
        return error.status
    raise AssertionError(f"{made.body[:40]!r} is to be refused, not to be {answer!r}")


def test_media_type():
    """The media type is what stands before the parameters, in lower case (RFC 9110, 8.3.1)."""
    assert media_type(request(b"", "Text/HTML; charset=UTF-8")) == "text/html"
    assert media_type(request(b"", "")) == ""


def test_json():
    """A body of JSON is the value that it says (RFC 8259)."""
    for body, value in (
        (b'{"a": [1, 2.5, true, null]}', {"a": [1, 2.5, True, None]}),
        ('"café \\u20ac"'.encode(), "café \u20ac"),
        (b" 0 ", 0),
        (b"-1e3", -1000.0),
        (b'"\\ud800"', "\ud800"),
    ):
        assert parse_json(request(body)) == value, body


def test_long_text():
    """JSON and forms have MAX_TEXT_BYTES at most: they take many times as much to read."""
    longest = b'"' + b"x" * (MAX_TEXT_BYTES - 2) + b'"'
    form = request(longest, "application/x-www-form-urlencoded")
    assert len(str(parse_json(request(longest)))) == len(parse_form(form)[0][0]) - 2
    assert refused(parse_json, request(longest + b" ")) == 413
    assert refused(parse_form, request(longest + b"x", "text/plain")) == 413


def test_what_is_wrong_with_json():
    """The client is told what is wrong, in our words and not in Python's."""
    for body, words in (
        (b"[1,\n 2", "line 2, column 3"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b"1" * 5000, "too large"),
        (b"1e999", "too large"),
    ):
        try:
            parse_json(request(body))
        except HTTPError as error:
            assert words in error.detail and "Python" not in error.detail, body
            assert "sys." not in error.detail and "codec" not in error.detail, body
        else:
            raise AssertionError(f"{body[:20]!r} is to be refused")


def test_json_by_other_names():
    """Media types that end in +json are JSON too; parameters change nothing (RFC 6839)."""
    for name in ("application/json; charset=utf-8", "Application/JSON", "application/problem+json"):
        assert parse_json(request(b"[]", name)) == []


def test_json_by_no_name():
    """A body that is not called JSON is a 415 (RFC 9110, section 15.5.16)."""
    for name in ("", "text/plain", "application/jsonp", "application/x-www-form-urlencoded"):
        assert refused(parse_json, request(b"[]", name)) == 415


def test_not_json():
    """What is no JSON is a 400, although Python's reader would take some of it."""
    for body in (
        b"",
        b"{",
        b"[1,]",
        b"{'a': 1}",
        b"1 2",
        b"NaN",
        b"[-Infinity]",
        b"1e999",
        b'"caf\xe9"',
        b'"\n"',
        b"[" * 100_000,
        b"9" * 10_000,
    ):
        assert refused(parse_json, request(body)) == 400


def test_form():
    """A form has names and values in order, with repeated and blank ones (URL standard, 5.1)."""
    body = b"word=fish+%26+chips&word=&caf%C3%A9=caf\xc3\xa9&broken=%zz%FF"
    assert parse_form(request(body)) == [
        ("word", "fish & chips"),
        ("word", ""),
        ("café", "café"),
        ("broken", "%zz\ufffd"),
    ]


def test_form_with_too_many_fields():
    """A form has MAX_FORM_FIELDS fields at most: one more is a 413."""
    body = b"&".join([b"a"] * MAX_FORM_FIELDS)
    assert len(parse_form(request(body))) == MAX_FORM_FIELDS
    assert refused(parse_form, request(body + b"&a")) == 413


def test_files():
    """The boundary stands in Content-Type, bare or in quotes (RFC 2046, section 5.1.1)."""
    body = b'--x y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x y--'
    [part] = parse_files(request(body, 'multipart/form-data; boundary="x y"'))
    assert (part.name, part.content) == ("a", b"1")
    [part] = parse_files(request(body.replace(b" y", b""), "multipart/form-data; Boundary=x"))
    assert (part.name, part.content) == ("a", b"1")


def test_files_without_boundary():
    """Without a boundary nobody can tell the parts apart: 400."""
    for content_type in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 71}",
        'multipart/form-data; boundary="x "',
        'multipart/form-data; boundary="x\xe9"',
    ):
        assert refused(parse_files, request(b"--x--", content_type)) == 400
