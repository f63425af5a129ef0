"""Errors that are answers: their status, their sentence, and the form that the client likes."""

import json

import pytest

from errors import HTTPError, error_response
from fields import Fields


@pytest.mark.parametrize(
    "accept, media_type",
    [
        ("", "text/plain; charset=utf-8"),
        ("*/*", "text/plain; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("image/png", "text/plain; charset=utf-8"),
    ],
)
def test_form(accept, media_type):
    """An error is plain text, HTML or JSON, as Accept prefers, and says so (RFC 9110, 12.5.5)."""
    response = error_response(HTTPError(404, "There is no such page."), accept)
    assert response.status == 404
    assert response.fields["Content-Type"] == media_type
    assert response.fields["Vary"] == "Accept"
    assert b"There is no such page." in response.content


def test_text():
    """As plain text an error is its status and its sentence."""
    assert error_response(HTTPError(404, "Gone.")).content == b"404 Not Found\nGone.\n"
    assert error_response(HTTPError(499, "Odd.")).content == b"499 Error\nOdd.\n"


def test_json():
    """As JSON an error can be read by a program."""
    response = error_response(HTTPError(413, 'Too "long".'), "application/json")
    assert json.loads(response.content) == {"status": 413, "error": 'Too "long".'}


def test_html_is_escaped():
    """The sentence may repeat what the client sent: a browser must not run it."""
    error = HTTPError(400, "<script>alert(1)</script>")
    page = error_response(error, "text/html").content
    assert b"<script>" not in page
    assert b"&lt;script&gt;" in page


def test_without_a_sentence():
    """A status alone will do: then its name is what there is to say."""
    assert error_response(HTTPError(404)).content == b"404 Not Found\nNot Found\n"


def test_fields_of_the_error():
    """An error may bring field lines, such as Allow; repeated ones stay apart."""
    error = HTTPError(405, "No.", Fields([("Allow", "GET"), ("X", "1"), ("X", "2")]))
    response = error_response(error)
    assert response.fields["Allow"] == "GET"
    assert response.fields.get_all("X") == ["1", "2"]
