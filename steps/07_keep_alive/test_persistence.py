"""What the two ends agree on, and exercise 07.1: who ends the connection."""

import pytest

from errors import HTTPError
from fields import Fields
from persistence import connection_options, expects_continue, persists


def fields(*values: str, name: str = "Connection") -> Fields:
    """Fields with a line for each value."""
    return Fields([("Host", "localhost"), *((name, value) for value in values)])


@pytest.mark.exercise("07.1")
class TestOptions:
    """What the Connection field lists."""

    @pytest.mark.parametrize(
        ("lines", "options"),
        [
            ([], set()),
            (["close"], {"close"}),
            (["Close"], {"close"}),
            (["KEEP-ALIVE"], {"keep-alive"}),
            (["X-Hop, close"], {"x-hop", "close"}),
            (["close,x-hop"], {"x-hop", "close"}),
            ([" close ,\tX-Hop\t"], {"x-hop", "close"}),
            (["X-Hop", "close"], {"x-hop", "close"}),
            ([", ,close,,"], {"close"}),
            ([""], set()),
            (["closed"], {"closed"}),
            (["not close"], {"not close"}),
        ],
        ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
    )
    def test_options(self, lines, options):
        """A list over one line or several, in any case, with white space and empty items.

        RFC 9110, sections 5.6.1 and 7.6.1.
        """
        assert connection_options(fields(*lines)) == options

    def test_other_fields(self):
        """Only the field Connection counts."""
        assert connection_options(fields("close", name="Proxy-Connection")) == set()


@pytest.mark.exercise("07.1")
class TestPersists:
    """Whether more requests may follow (RFC 9112, section 9.3)."""

    @pytest.mark.parametrize(
        ("version", "lines", "answer"),
        [
            ("HTTP/1.1", [], True),
            ("HTTP/1.1", ["keep-alive"], True),
            ("HTTP/1.1", ["X-Hop"], True),
            ("HTTP/1.1", ["close"], False),
            ("HTTP/1.1", ["Close"], False),
            ("HTTP/1.1", ["X-Hop, close"], False),
            ("HTTP/1.1", ["X-Hop", "CLOSE"], False),
            ("HTTP/1.1", ["keep-alive, close"], False),
            ("HTTP/1.1", ["closed"], True),
            ("HTTP/1.0", [], False),
            ("HTTP/1.0", ["X-Hop"], False),
            ("HTTP/1.0", ["keep-alive"], True),
            ("HTTP/1.0", ["Keep-Alive"], True),
            ("HTTP/1.0", ["X-Hop, keep-alive"], True),
            ("HTTP/1.0", ["close"], False),
            ("HTTP/1.0", ["keep-alive, close"], False),
        ],
        ids=str,
    )
    def test_persists(self, version, lines, answer):
        """`close` ends it; else 1.1 goes on, and 1.0 only if it was asked to."""
        assert persists(version, fields(*lines)) is answer


class TestExpectations:
    """What the client waits for before it sends a body (RFC 9110, section 10.1.1)."""

    @pytest.mark.parametrize(
        ("version", "lines", "answer"),
        [
            ("HTTP/1.1", [], False),
            ("HTTP/1.1", ["100-continue"], True),
            ("HTTP/1.1", ["100-Continue"], True),
            ("HTTP/1.0", ["100-continue"], False),
            ("HTTP/1.0", ["cookies"], False),
        ],
        ids=str,
    )
    def test_expects_continue(self, version, lines, answer):
        """100-continue, in any case; what comes in HTTP/1.0 is passed over."""
        assert expects_continue(version, fields(*lines, name="Expect")) is answer

    @pytest.mark.parametrize("value", ["cookies", "", "100-continue=1", "200-ok", "100"])
    def test_any_other_expectation(self, value):
        """What we cannot meet is 417 (RFC 9110, section 15.5.18)."""
        with pytest.raises(HTTPError) as error:
            expects_continue("HTTP/1.1", fields(value, name="Expect"))
        assert error.value.status == 417
