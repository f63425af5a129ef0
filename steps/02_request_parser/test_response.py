"""Responses, and exercise 02.5: framed always, and ended with the head where they must be."""

import json
import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import ClassVar

import pytest

from fields import Fields
from response import BLOCK_BYTES, REASONS, Response, head, pieces

IMF_FIXDATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)
"""RFC 9110, section 5.6.7."""


class Streamed(Response):
    """A response whose content is made while it is sent."""

    @property
    def length(self) -> int:
        """As many bytes as `blocks` gives."""
        return 6

    def blocks(self) -> Iterator[bytes]:
        """Three pieces."""
        yield from (b"ab", b"cd", b"ef")


def lines(response: Response) -> list[str]:
    """The lines of the head without their line ends, the empty one at its end left out."""
    data = head(response)
    assert isinstance(data, bytes), "head returns bytes: a str must be encoded"
    assert data.endswith(b"\r\n\r\n"), "the head ends with an empty line"
    text = data.removesuffix(b"\r\n\r\n").decode("latin-1")
    assert "\n" not in text.replace("\r\n", ""), "a line ends with LF alone"
    assert "\r" not in text.replace("\r\n", ""), "a line ends with CR alone"
    return text.split("\r\n")


def values(name: str, response: Response) -> list[str]:
    """The values of a field, line by line."""
    pairs = [line.partition(": ") for line in lines(response)[1:]]
    return [value for known, _, value in pairs if known.lower() == name.lower()]


@pytest.mark.exercise("02.5")
class TestHead:
    @pytest.mark.parametrize(
        "status, line",
        [
            (200, "HTTP/1.1 200 OK"),
            (201, "HTTP/1.1 201 Created"),
            (404, "HTTP/1.1 404 Not Found"),
            (413, "HTTP/1.1 413 Content Too Large"),
            (500, "HTTP/1.1 500 Internal Server Error"),
            (299, "HTTP/1.1 299 "),
            (599, "HTTP/1.1 599 "),
        ],
    )
    def test_status_line(self, status, line):
        """Version, status and reason; without a reason the space before it stays (9112, 4)."""
        assert lines(Response(status))[0] == line

    def test_whole_head(self):
        """A head is a status line, field lines and an empty line (RFC 9112, section 2.1)."""
        date = "Sun, 06 Nov 1994 08:49:37 GMT"
        response = Response(404, b"no", Fields({"Content-Type": "text/plain", "Date": date}))
        assert lines(response)[0] == "HTTP/1.1 404 Not Found"
        assert sorted(lines(response)[1:]) == [
            "Content-Length: 2",
            "Content-Type: text/plain",
            "Date: Sun, 06 Nov 1994 08:49:37 GMT",
        ]

    def test_fields_keep_order_and_repeats(self, rng):
        """Field lines go out in their order, repeated ones each on a line (RFC 9110, 5.3)."""
        sent = [("Set-Cookie", "a=1"), ("X-b", "2"), ("Set-Cookie", "c=3"), ("x-B", "4")]
        rng.shuffle(sent)
        response = Response(200, b"", Fields(sent))
        wanted = [f"{name}: {value}" for name, value in sent]
        kept = [line for line in lines(response) if line in wanted]
        assert kept == wanted, "\n".join(lines(response))

    def test_content_length_counts_bytes(self):
        """Content-Length counts bytes, not characters: é is two of them (RFC 9110, 8.6)."""
        text = "héllo"
        wanted = f"Content-Length: {len(text.encode())}"
        assert wanted in lines(Response.text(text)), f"{text!r} is 6 bytes: {wanted}"

    def test_content_length_of_nothing(self):
        """Empty content has a length, too: without it the client waits for more (9112, 6.3)."""
        for status in (200, 201, 303, 404, 500):
            assert values("Content-Length", Response(status)) == ["0"]

    def test_length_of_streamed_content(self):
        """The length is what `response.length` says: the content may not exist yet."""
        assert values("Content-Length", Streamed()) == ["6"]

    def test_framing_is_the_responses_own(self):
        """A response may end in another way than after a number of bytes: `framing` says how."""

        class Unframed(Response):
            framing: ClassVar = [("X-End", "when we close")]

        assert values("X-End", Unframed(200, b"four")) == ["when we close"]
        assert values("Content-Length", Unframed(200, b"four")) == []

    def test_reason_is_the_responses_own(self):
        """The reason phrase is what `response.reason` says (RFC 9112, section 4)."""

        class Own(Response):
            reason: ClassVar = "Quite Fine"

        assert head(Own(200)).startswith(b"HTTP/1.1 200 Quite Fine\r\n")

    def test_one_content_length(self):
        """What the fields say of the length is dropped: there is one, and it is right."""
        for name in ("Content-Length", "content-length"):
            fields = Fields([(name, "7"), ("X", "y"), (name, "8")])
            assert values("Content-Length", Response(200, b"four", fields)) == ["4"]

    def test_no_transfer_encoding(self):
        """A Transfer-Encoding would say that the content is chunked: it is not (9112, 6.1)."""
        fields = Fields({"transfer-encoding": "chunked"})
        assert values("Transfer-Encoding", Response(200, b"", fields)) == []

    @pytest.mark.parametrize("status", [100, 101, 103, 204, 304])
    def test_no_content_length_without_content(self, status):
        """Content-Length is not in 1xx and 204, and 304 needs none (RFC 9110, section 8.6)."""
        assert values("Content-Length", Response(status)) == []
        fields = Fields({"Content-Length": "0"})
        assert values("Content-Length", Response(status, b"", fields)) == []

    def test_date(self):
        """Date says when the response was made, as IMF-fixdate (RFC 9110, 5.6.7 and 6.6.1)."""
        [date] = values("Date", Response())
        assert IMF_FIXDATE.fullmatch(date), f"Date: {date}"
        assert abs(parsedate_to_datetime(date).timestamp() - time.time()) < 5

    def test_date_that_is_there(self):
        """A Date that the fields have stays as it is, and stays the only one."""
        for name in ("Date", "date"):
            fields = Fields({name: "Sun, 06 Nov 1994 08:49:37 GMT"})
            assert values("Date", Response(200, b"", fields)) == ["Sun, 06 Nov 1994 08:49:37 GMT"]

    def test_response_stays_as_it_was(self):
        """To write the head changes nothing in the response: its fields may be written twice."""
        response = Response(200, b"four", Fields({"X": "y", "Content-Length": "9"}))
        head(response)
        assert list(response.fields) == [("X", "y"), ("Content-Length", "9")]
        response.content = b"longer"
        assert values("Content-Length", response) == ["6"]

    def test_bytes_beyond_ascii(self):
        """Each character of a value is one byte, as it was when it came in (RFC 9110, 5.5)."""
        response = Response(200, b"", Fields({"X": "caf\xc3\xa9"}))
        assert b"\r\nX: caf\xc3\xa9\r\n" in head(response)


def test_content_follows_the_head(rng):
    """After the head comes the content, byte for byte."""
    content = rng.randbytes(100)
    response = Response(200, content)
    assert b"".join(pieces(response, False)).partition(b"\r\n\r\n")[2] == content
    assert b"".join(pieces(Streamed(), False)).endswith(b"\r\n\r\nabcdef")


def test_nothing_after_the_head():
    """The answers to HEAD, and 1xx, 204 and 304, end with their head (RFC 9110, 6.4.1, 9.3.2)."""
    for status, is_head in ((200, True), (404, True), (100, False), (204, False), (304, False)):
        data = b"".join(pieces(Response(status, b"no"), is_head))
        assert data.endswith(b"\r\n\r\n")
        assert b"no" not in data


def test_head_has_the_head_of_get():
    """The answer to HEAD says the Content-Length that GET would have (RFC 9110, 9.3.2)."""
    response = Response.text("héllo")
    response.fields["Date"] = "Sun, 06 Nov 1994 08:49:37 GMT"
    [answer] = pieces(response, True)
    assert b"".join(pieces(response, False)) == answer + "héllo".encode()


@pytest.mark.parametrize(
    "response, media_type, content",
    [
        (Response.text("é\n"), "text/plain; charset=utf-8", "é\n".encode()),
        (Response.html("<p>é"), "text/html; charset=utf-8", "<p>é".encode()),
        (Response.json({"a": ["é", None]}), "application/json", '{"a": ["é", null]}\n'.encode()),
    ],
    ids=["text", "html", "json"],
)
def test_kinds(response, media_type, content):
    """Text goes out in UTF-8, and its media type says what it is (RFC 9110, section 8.3)."""
    assert response.fields["Content-Type"] == media_type
    assert response.content == content


def test_json_has_no_infinity():
    """What JSON has no word for is an error here, not a surprise there (RFC 8259, section 6)."""
    for value in (float("nan"), float("inf"), [-float("inf")]):
        with pytest.raises(ValueError):
            Response.json(value)


def test_half_a_surrogate_pair():
    """A string that UTF-8 cannot say is written as JSON escapes it, and read back the same."""
    value = "\ud800 and \U0001f600"
    assert json.loads(Response.json(value).content) == value


def test_redirect():
    """A redirect says where to go, and an address cannot break out of its line (RFC 9110, 15.4)."""
    response = Response.redirect("/a?b=c")
    assert (response.status, response.fields["Location"]) == (303, "/a?b=c")
    assert Response.redirect("/", 308).status == 308
    for location, encoded in (
        ("/\r\nSet-Cookie: stolen=1", "/%0D%0ASet-Cookie:%20stolen=1"),
        ('/a"<b>\\^`{|}', "/a%22%3Cb%3E%5C%5E%60%7B%7C%7D"),
        ("/caf%C3%A9/é?100%&%zz", "/caf%C3%A9/%C3%A9?100%25&%25zz"),
        ("http://[::1]:8080/~a?b#c", "http://[::1]:8080/~a?b#c"),
    ):
        assert Response.redirect(location).fields["Location"] == encoded


def test_blocks():
    """Content is sent in pieces, so that a slow client has time for each of them."""
    content = bytes(range(256)) * 1000
    blocks = list(Response(200, content).blocks())
    assert b"".join(blocks) == content
    assert max(map(len, blocks)) == BLOCK_BYTES


def test_reasons():
    """Each status that the course uses has a reason of visible ASCII (RFC 9110, section 15)."""
    for status, reason in REASONS.items():
        assert 100 <= status <= 599
        assert re.fullmatch("[A-Z][A-Za-z -]+", reason)
