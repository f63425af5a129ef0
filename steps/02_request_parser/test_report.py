"""The demo: what the server understood, for a browser and for a program."""

import html
import json
import re

import pytest

from errors import HTTPError
from fields import Fields
from report import report, understand
from request import Request
from target import Target

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def request(body: bytes | None = None, **fields: str) -> Request:
    """A request with these fields, and a body where there is one."""
    lines = {name.replace("_", "-"): value for name, value in fields.items()}
    if body is not None:
        lines["Content-Length"] = str(len(body))
    target = Target("/caf%C3%A9", "drink=tea&drink=<b>&milk=")
    return Request("POST", target, "HTTP/1.1", Fields({"Host": "a", **lines}), body or b"")


def test_for_a_program():
    """A program gets JSON with all parts of the request, decoded."""
    response = report(request(Accept="*/*"))
    assert response.fields["Content-Type"] == "application/json"
    assert response.fields["Vary"] == "Accept"
    assert json.loads(response.content) == {
        "method": "POST",
        "host": "a",
        "path": "/café",
        "query": [["drink", "tea"], ["drink", "<b>"], ["milk", ""]],
        "version": "HTTP/1.1",
        "fields": [["Host", "a"], ["Accept", "*/*"]],
        "body": None,
    }


def test_for_a_browser():
    """A browser gets a page with the same, escaped: what was sent cannot become markup."""
    response = report(request(Accept=CHROMIUM, X="</pre><script>alert(1)</script>"))
    page = response.content.decode()
    assert response.fields["Content-Type"] == "text/html; charset=utf-8"
    assert "<script>" not in page
    assert "<b>" not in page
    shown = html.unescape(re.search("<pre>(.*?)</pre>", page, re.S)[1])
    parts = dict(re.findall(r"^(\w+): +(.*(?:\n .*)*)", shown, re.M))
    assert json.loads(parts["query"])[1] == ["drink", "<b>"]
    assert json.loads(parts["path"]) == "/café"
    assert ["X", "</pre><script>alert(1)</script>"] in json.loads(parts["fields"])


def test_deep_body_for_a_browser():
    """A body that is nested deeply makes no page that is many times as long."""
    body = b"[" * 99 + b"1," * 10_000 + b"1" + b"]" * 99
    fields = Fields({"Accept": CHROMIUM, "Content-Type": "application/json"})
    fields["Content-Length"] = str(len(body))
    page = report(Request("POST", Target("/"), "HTTP/1.1", fields, body)).content
    assert len(page) < 3 * len(body)


@pytest.mark.parametrize(
    "body, content_type, understood",
    [
        (None, "application/json", None),
        (b"", "", "0 bytes"),
        (b"\0\xff", "image/png", "2 bytes"),
        (b'{"a": 1}', "application/json; charset=utf-8", {"a": 1}),
        (b"a=1&a=", "application/x-www-form-urlencoded", [("a", "1"), ("a", "")]),
        (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="\xc3\xa9.txt"\r\n\r\nhi'
            b"\r\n--x--",
            "multipart/form-data; boundary=x",
            [{"name": "f", "filename": "é.txt", "media_type": "text/plain", "bytes": 2}],
        ),
    ],
    ids=["none", "empty", "bytes", "json", "form", "files"],
)
def test_body(body, content_type, understood):
    """A body is understood as its media type says; its size where that says nothing to us."""
    assert understand(request(body, Content_Type=content_type))["body"] == understood


def test_malformed_body():
    """A body that is not what its media type says is a 400."""
    for body, content_type in (
        (b"{", "application/json"),
        (b"", "multipart/form-data; boundary=x"),
    ):
        with pytest.raises(HTTPError) as error:
            report(request(body, Content_Type=content_type))
        assert error.value.status == 400
