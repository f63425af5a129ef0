"""Exercise 02.4: where the body of a request ends."""

import pytest

from errors import HTTPError
from fields import Fields
from framing import MAX_BODY_BYTES, body_length


def refused(function, *arguments, **named) -> int:
    """The status with which the function refuses these arguments."""
    try:
        answer = function(*arguments, **named)
    except HTTPError as error:
        return error.status
    given = ", ".join(map(repr, arguments))
    raise AssertionError(f"{given} is to be refused, not to give {answer!r}")


def length(method: str, *lines: tuple[str, str], version: str = "HTTP/1.1") -> int:
    """What `body_length` says of a request with these field lines."""
    return body_length(method, version, Fields([("Host", "a"), *lines]))


@pytest.mark.exercise("02.4")
class TestBodyLength:
    def test_no_length_no_body(self):
        """Without Content-Length there is no body (RFC 9112, section 6.3, point 7)."""
        for method in ("GET", "HEAD", "DELETE", "OPTIONS", "CONNECT", "BREW"):
            assert length(method) == 0
            assert length(method, version="HTTP/1.0") == 0

    def test_length_required(self):
        """A method that is about its content must say how long it is: 411 (RFC 9110, 15.5.12)."""
        for method in ("POST", "PUT", "PATCH"):
            assert refused(length, method) == 411
            assert length(method, ("Content-Length", "0")) == 0

    def test_length_counts_for_every_method(self, rng):
        """Content-Length says how long the body is, whatever the method (section 6.3, point 6)."""
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            size = rng.randrange(1, 10**6)
            assert length(method, ("cOnTeNt-LeNgTh", str(size))) == size

    def test_leading_zeros(self):
        """Zeros before the digits change nothing: the grammar is 1*DIGIT (RFC 9110, 8.6)."""
        assert length("POST", ("Content-Length", "0042")) == 42
        assert length("POST", ("Content-Length", "0" * 30)) == 0

    def test_digits_only(self):
        """Content-Length has the digits 0 to 9 and nothing else (RFC 9110, section 8.6)."""
        for value in (
            "",
            "-1",
            "+5",
            "-0",
            "5 5",
            "5,5",
            "5, 5",
            "0 ,0",
            "0x5",
            "5.0",
            "5e3",
            "5_0",
            "five",
            "5;",
            "²",
            "5¹",
            "5\xa0",
        ):
            assert refused(length, "GET", ("Content-Length", value)) == 400
            assert refused(length, "POST", ("Content-Length", value)) == 400

    def test_two_lengths(self):
        """Two lines are refused, even if they agree: who knows who reads which (section 6.3)."""
        for second in ("5", "6", "", "x", "05"):
            lines = ("Content-Length", "5"), ("content-length", second)
            assert refused(length, "POST", *lines) == 400
            assert refused(length, "POST", *reversed(lines)) == 400

    def test_limit(self):
        """A body of MAX_BODY_BYTES is taken, one byte more is a 413 (RFC 9110, 15.5.14)."""
        assert length("POST", ("Content-Length", f"{MAX_BODY_BYTES}")) == MAX_BODY_BYTES
        assert length("POST", ("Content-Length", f"0000{MAX_BODY_BYTES}")) == MAX_BODY_BYTES
        assert refused(length, "POST", ("Content-Length", f"{MAX_BODY_BYTES + 1}")) == 413
        assert refused(length, "GET", ("Content-Length", f"{MAX_BODY_BYTES + 1}")) == 413

    def test_limit_of_ones_own(self):
        """Whoever calls may have another limit, lower or higher."""
        fields = Fields([("Content-Length", "100")])
        assert body_length("POST", "HTTP/1.1", fields, 100) == 100
        assert refused(body_length, "POST", "HTTP/1.1", fields, 99) == 413
        more = Fields([("Content-Length", str(MAX_BODY_BYTES + 1))])
        assert body_length("POST", "HTTP/1.1", more, 10**9) == MAX_BODY_BYTES + 1

    def test_huge_length(self):
        """A number of 5,000 digits is too large like any other, and no 500."""
        assert refused(length, "POST", ("Content-Length", "9" * 5000)) == 413

    def test_transfer_coding_that_ends(self):
        """A Transfer-Encoding that ends in chunked is well framed: 501, as we read none yet."""
        for coding in ("chunked", "Chunked", "gzip, chunked", "gzip ,\tchunked"):
            assert refused(length, "POST", ("Transfer-Encoding", coding)) == 501
            assert refused(length, "GET", ("transfer-encoding", coding)) == 501

    def test_transfer_coding_without_end(self):
        """Where chunked is not the last coding, nobody knows the end: 400 (section 6.3)."""
        for coding in (
            "gzip",
            "identity",
            "xchunked",
            "chunked, gzip",
            "chunked;",
            "",
            "notchunked",
        ):
            assert refused(length, "POST", ("Transfer-Encoding", coding)) == 400
            assert refused(length, "GET", ("Transfer-Encoding", coding)) == 400

    def test_transfer_codings_on_two_lines(self):
        """Codings on two lines are one list: the last one counts (RFC 9110, section 5.3)."""
        gzip, chunked = ("Transfer-Encoding", "gzip"), ("Transfer-Encoding", "chunked")
        assert refused(length, "POST", gzip, chunked) == 501
        assert refused(length, "POST", chunked, gzip) == 400

    def test_both(self):
        """Transfer-Encoding beside Content-Length is how requests are smuggled: 400 (6.1)."""
        for value in ("5", "0", "x"):
            for coding in ("chunked", "gzip", "identity"):
                lines = ("Transfer-Encoding", coding), ("Content-Length", value)
                assert refused(length, "POST", *lines) == 400
                assert refused(length, "POST", *reversed(lines)) == 400

    def test_transfer_encoding_in_http_1_0(self):
        """HTTP/1.0 knows no Transfer-Encoding: such a request is faulty, 400 (section 6.1)."""
        coding = ("Transfer-Encoding", "chunked")
        assert refused(length, "POST", coding, version="HTTP/1.0") == 400
        assert refused(length, "GET", coding, version="HTTP/1.0") == 400
