"""`Fields`: names in any case, repeated lines, their order, and no way out of a line."""

import pytest

from fields import Fields


def refuses(function, *arguments) -> bool:
    """Whether the function raises ValueError for these arguments."""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


def test_names_match_in_any_case():
    """A name is found whatever its case (RFC 9110, section 5.1)."""
    for name in ("Content-Type", "content-type", "CONTENT-TYPE", "cOnTeNt-tYpE"):
        fields = Fields({"Content-Type": "text/plain"})
        assert name in fields
        assert fields[name] == "text/plain"
        assert fields.get(name) == "text/plain"
        assert fields.get_all(name) == ["text/plain"]


def test_lines_keep_order_and_case(rng):
    """The lines come out as they went in: the same order, the same case (RFC 9110, section 5.3)."""
    lines = [("B", "1"), ("a", "2"), ("B", "3"), ("A", "4"), ("Set-Cookie", "x=1")]
    rng.shuffle(lines)
    assert list(Fields(lines)) == lines
    assert len(Fields(lines)) == 5


def test_repeated_lines_are_joined():
    """Values on several lines mean the same as one list of them (RFC 9110, section 5.3)."""
    fields = Fields([("Accept", "text/html"), ("Host", "a"), ("accept", "*/*")])
    assert fields["Accept"] == "text/html, */*"
    assert fields.get("ACCEPT") == "text/html, */*"
    assert list(Fields([("A", ""), ("A", "")]).get_all("a")) == ["", ""]


def test_cookies_stay_apart():
    """Set-Cookie has commas of its own, so that its lines can be read apart (section 5.3)."""
    dates = ["a=1; Expires=Wed, 09 Jun 2032 10:18:14 GMT", "b=2"]
    fields = Fields(("Set-Cookie", value) for value in dates)
    assert fields.get_all("set-cookie") == dates


def test_missing_name():
    """A name that is not there: a default from `get`, nothing from `get_all`, else KeyError."""
    fields = Fields({"Host": "a"})
    assert "Hos" not in fields
    assert fields.get("Hos") == ""
    assert fields.get("Hos", "none") == "none"
    assert fields.get_all("Hos") == []
    with pytest.raises(KeyError):
        fields["Hos"]


def test_an_empty_value_is_a_value():
    """A line with an empty value is there: `get` does not take it for a missing one."""
    fields = Fields({"X-Empty": ""})
    assert "x-empty" in fields
    assert fields.get("x-empty", "default") == ""


def test_setting_replaces_all_lines():
    """To set a name puts one line in the place of all of its lines, whatever their case."""
    fields = Fields([("a", "1"), ("B", "2"), ("A", "3")])
    fields["A"] = "4"
    assert list(fields) == [("B", "2"), ("A", "4")]


def test_deleting():
    """To delete a name removes all of its lines, and nothing where there are none."""
    fields = Fields([("a", "1"), ("B", "2"), ("A", "3")])
    del fields["A"], fields["C"]
    assert list(fields) == [("B", "2")]


def test_adding_keeps_what_is_there():
    """`add` appends a line, even where the name is known."""
    fields = Fields({"Set-Cookie": "a=1"})
    fields.add("Set-Cookie", "b=2")
    assert fields.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_white_space_around_a_value_goes():
    """Spaces and tabs around a value are no part of it (RFC 9110, section 5.5); others are."""
    assert Fields({"A": " \t b\tc \t"})["A"] == "b\tc"
    assert Fields({"A": "\xa0b\x85"})["A"] == "\xa0b\x85"


def test_values_cannot_break_out():
    """A value cannot end its line: CR, LF, NUL and other controls are refused (section 5.5)."""
    for value in (
        "a\r\nSet-Cookie: stolen=1",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\r\n\r\n<script>",
        "\r\n",
        "a\n",
        "\x1b[31m",
        "\x7f",
        "\x0b",
        "smile \N{SMILING FACE WITH SUNGLASSES}",
    ):
        fields = Fields({"Location": "/"})
        assert refuses(fields.add, "Location", value), f"{value!a} passes"
        assert refuses(fields.__setitem__, "Location", value), f"{value!a} passes"
        assert refuses(Fields, {"Location": value}), f"{value!a} passes"


def test_names_are_tokens():
    """A name is a token, and nothing else is taken for one (RFC 9110, section 5.1)."""
    for name in (
        "",
        " ",
        "A B",
        "A:",
        "A\r\nB",
        "A\n",
        "A\0",
        "A ",
        " A",
        "\t",
        "(A)",
        "A/B",
        "é",
        '"A"',
    ):
        assert refuses(Fields, {name: "value"}), f"{name!a} passes"


def test_every_token_character():
    """All fifteen marks, digits and letters may stand in a name (RFC 9110, section 5.6.2)."""
    name = "!#$%&'*+-.^_`|~09azAZ"
    assert list(Fields({name: "v"})) == [(name, "v")]


def test_setting_a_refused_value_says_why():
    """The error names the field, and does not repeat the value, which may be hostile."""
    with pytest.raises(ValueError, match="Location") as refused:
        Fields({"Location": "x\r\ny"})
    assert "\r" not in str(refused.value)
