"""`tracing.py`: the id of a request, and the time that it took."""

import re

import pytest

import tracing
from fields import Fields
from request import Request
from response import Response
from target import parse_target
from tracing import RequestId, ServerTiming

OURS = re.compile("[0-9a-f]{32}")

GOOD = [
    "abcdefgh",
    "from-the-proxy",
    "A.b_c-1234",
    "0" * 64,
    "5b0e8c52-1d1c-4f5e-8a3f-93d1fb2f6a57",
]

BAD = {
    "none": None,
    "empty": "",
    "too short": "abcdefg",
    "too long": "x" * 65,
    "space": "two words",
    "quote": 'abcdefgh" 200 1',
    "comma": "abcdefgh, ijklmnop",
    "markup": "<b>abcdefgh</b>",
    "letter beyond ASCII": "abcdefgh\xe9",
    "digit beyond ASCII": "1234567\xb2",
    "tab": "abcd\tefgh",
    "backslash": "abcd\\nefgh",
}


def request(request_id: str | None = None) -> Request:
    """A request, with or without an id of its client's."""
    fields = Fields({} if request_id is None else {"X-Request-ID": request_id})
    return Request("GET", parse_target("GET", "/"), "HTTP/1.1", fields)


def hello(request: Request) -> Response:
    """A handler that answers with the id that it finds."""
    return Response.text(request.context["request_id"])


class TestRequestId:
    """Gives each request an id."""

    @pytest.mark.parametrize("given", GOOD)
    def test_well_formed_id_is_kept(self, given):
        """A well-formed id of the client's, or of a proxy's, is kept, and sent back."""
        response = RequestId()(request(given), hello)
        assert response.fields.get_all("X-Request-ID") == [given]
        assert response.content.decode() == given

    @pytest.mark.parametrize("given", BAD.values(), ids=BAD)
    def test_anything_else_is_replaced(self, given):
        """An id that could do harm in a log, or is none, is replaced by one of ours."""
        response = RequestId()(request(given), hello)
        [sent] = response.fields.get_all("X-Request-ID")
        assert OURS.fullmatch(sent)
        assert response.content.decode() == sent

    def test_several_ids_are_none(self):
        """Where the field comes twice nobody knows which is meant: it gets one of ours."""
        twice = request("abcdefgh")
        twice.fields.add("X-Request-ID", "ijklmnop")
        assert OURS.fullmatch(RequestId()(twice, hello).fields["X-Request-ID"])

    def test_no_two_are_the_same(self):
        """Each request has an id of its own."""
        link = RequestId()
        assert len({link(request(), hello).content for _ in range(1000)}) == 1000

    def test_answer_has_one_id(self):
        """An id that an endpoint has put into its answer gives way."""

        def other(request: Request) -> Response:
            return Response(fields=Fields({"x-request-id": "of-somebody-else"}))

        response = RequestId()(request("abcdefgh"), other)
        assert response.fields.get_all("X-Request-ID") == ["abcdefgh"]


class TestServerTiming:
    """Tells how long the answer took to make."""

    def test_time_of_the_rest(self, monkeypatch):
        """Server-Timing has the time of all links behind, in milliseconds."""
        clock = iter([10.0, 10.25])
        monkeypatch.setattr(tracing.time, "perf_counter", lambda: next(clock))
        response = ServerTiming()(request(), lambda request: Response())
        assert response.fields["Server-Timing"] == "app;dur=250.000"

    def test_times_of_others_stay(self):
        """What an endpoint has measured itself stays, on a line of its own."""
        inner = Response(fields=Fields({"Server-Timing": "db;dur=1.5"}))
        lines = ServerTiming()(request(), lambda request: inner).fields.get_all("Server-Timing")
        assert lines[0] == "db;dur=1.5"
        assert re.fullmatch(r"app;dur=[0-9]+\.[0-9]{3}", lines[1])
