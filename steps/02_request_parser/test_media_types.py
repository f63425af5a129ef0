"""What a body is, and what a client would like."""

from media_types import parse_parameters, preferred

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_parameters():
    """A value and its parameters come apart: case, quotes and nonsense (RFC 9110, 5.6.6)."""
    for value, first, parameters in (
        ("", "", {}),
        ("text/html", "text/html", {}),
        ("Text/HTML ; Charset=UTF-8", "text/html", {"charset": "UTF-8"}),
        ("a/b;c=d;e=f", "a/b", {"c": "d", "e": "f"}),
        ('a/b; c="d; e=f"; g=h', "a/b", {"c": "d; e=f", "g": "h"}),
        (r'a/b; c="say \"hi\" \\"', "a/b", {"c": 'say "hi" \\'}),
        (r'form-data; filename="C:\temp\x"', "form-data", {"filename": r"C:\temp\x"}),
        ("a/b; c=1; C=2", "a/b", {"c": "1"}),
        ("a/b;; c=d ; ;e=f;", "a/b", {"c": "d", "e": "f"}),
        ("a/b; c=d; e f; g=h", "a/b", {"c": "d"}),
        ('a/b; c d="; name=hidden"; name=shown', "a/b", {}),
        ("a/b\xa0; c=d", "a/b\xa0", {"c": "d"}),
        ("a/b; c=", "a/b", {"c": ""}),
    ):
        assert parse_parameters(value) == (first, parameters), value


def test_preferred():
    """The heaviest offer wins, the first of equals, the first if none fits (section 12.5.1)."""
    for accept, answer in (
        ("", "application/json"),
        ("*/*", "application/json"),
        (FIREFOX, "text/html"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/*", "text/html"),
        ("application/json", "application/json"),
        ("text/html;q=0.5, application/json;q=0.4", "text/html"),
        ("text/html;q=0.4, application/json;q=0.5", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("application/json;q=0, */*;q=0.1", "text/html"),
        ("*/*;q=0.9, text/*;q=0.1, application/*;q=0.2", "application/json"),
        ("text/html ; q=1.000", "text/html"),
        ("text/html;q=2", "application/json"),
        ("text/html;q=x, */*;q=0.1", "application/json"),
        ("image/png", "application/json"),
        ("text, /, ,;q=1", "application/json"),
    ):
        choice = preferred(accept, ["application/json", "text/html"])
        assert choice == answer, f"Accept: {accept}"
