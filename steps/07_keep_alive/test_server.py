"""The promises of step 07, over the wire: one connection, many requests, and an end in order."""

import pytest

import server as program


def get(target: str, *lines: str, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    """A request without a body."""
    return "\r\n".join([f"{method} {target} {version}", "Host: localhost", *lines, "", ""]).encode()


def post(body: bytes, *lines: str) -> bytes:
    """A request with a body."""
    return get("/echo", f"Content-Length: {len(body)}", *lines, method="POST") + body


def chunked(*pieces: bytes, trailers: bytes = b"") -> bytes:
    """A request with a body in chunks."""
    chunks = b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    head = get("/echo", "Transfer-Encoding: chunked", method="POST")
    return head + chunks + b"0\r\n" + trailers + b"\r\n"


@pytest.fixture
def token(rng):
    """A word that no server can know beforehand."""
    return f"{rng.getrandbits(64):016x}"


def test_many_requests_on_one_connection(server, token):
    """The connection is kept in HTTP/1.1, and request after request is answered on it."""
    with server.connect() as wire:
        for number in range(5):
            wire.send(get(f"/echo/{number}-{token}"))
            answer = wire.read_response()
            answer.expect(status=200, body=f"{number}-{token}", fields={"Connection": None})
            wire.send(post(token.encode()))
            wire.read_response("POST").expect(status=200, body=token)
        wire.send(get("/nowhere"))
        wire.read_response().expect(status=404, fields={"Connection": None})
        wire.send(get("/about", method="HEAD"))
        wire.read_response("HEAD").expect(status=200, body="")
        wire.send(get(f"/echo/{token}"))
        wire.read_response().expect(status=200, body=token)


def test_request_in_any_pieces(server, token):
    """A request in one piece, byte by byte, or with another one behind it: the same answer."""
    server.ask(get(f"/echo/{token}")).expect(status=200, body=token)
    server.ask(post(token.encode())).expect(status=200, body=token)
    server.ask(chunked(token.encode(), b"2")).expect(status=200, body=f"{token}2")


def test_pipelined(server, token):
    """Requests that are sent at once are answered in their order (RFC 9112, section 9.3.2)."""
    with server.connect() as wire:
        requests = [get(f"/echo/{number}-{token}") + post(b"%d" % number) for number in range(10)]
        wire.send(b"".join(requests))
        for number in range(10):
            wire.read_response().expect(status=200, body=f"{number}-{token}")
            wire.read_response("POST").expect(status=200, body=str(number))


def test_answers_in_order(server, token):
    """A slow answer is waited for: the quick one that was asked after it comes after it."""
    with server.connect() as wire:
        wire.send(get("/count/1") + get(f"/echo/{token}"))
        wire.read_response().expect(status=200, body="1\n")
        wire.read_response().expect(status=200, body=token)


@pytest.mark.parametrize("value", ["close", "Close", "x, close"])
def test_close(server, token, value):
    """Who asks for the end is told so, and gets it; what comes behind is not looked at."""
    with server.connect() as wire:
        wire.send(get(f"/echo/{token}", f"Connection: {value}") + get("/echo/behind"))
        wire.read_response().expect(status=200, body=token, fields={"Connection": "close"})
        wire.expect_closed()


def test_1_0(server, token):
    """HTTP/1.0 ends after its answer, and goes on only if it is asked to (9112, 9.3)."""
    with server.connect() as wire:
        asked = get(f"/echo/{token}", "Connection: keep-alive", version="HTTP/1.0")
        for _ in range(2):
            wire.send(asked)
            wire.read_response().expect(body=token, fields={"Connection": "keep-alive"})
        wire.send(get(f"/echo/{token}", version="HTTP/1.0"))
        wire.read_response().expect(body=token, fields={"Connection": "close"})
        wire.expect_closed()


def test_generated(server):
    """An answer whose length nobody knows comes in chunks, and the connection goes on."""
    with server.connect() as wire:
        wire.send(get("/count/2"))
        answer = wire.read_response()
        framing = {"Transfer-Encoding": "chunked", "Content-Length": None, "Connection": None}
        answer.expect(status=200, body="1\n2\n", fields=framing)
        wire.send(get("/echo/next"))
        wire.read_response().expect(status=200, body="next")


def test_generated_for_1_0(server):
    """HTTP/1.0 knows no chunks: the end of the connection is the end of the answer."""
    with server.connect() as wire:
        wire.send(get("/count/1", "Connection: keep-alive", version="HTTP/1.0"))
        answer = wire.read_response(close_delimited=True)
        framing = {"Transfer-Encoding": None, "Content-Length": None, "Connection": "close"}
        answer.expect(status=200, body="1\n", fields=framing)


def test_generated_for_head(server, token):
    """The answer to HEAD has no chunk, and what follows is the next answer."""
    with server.connect() as wire:
        wire.send(get("/count/50", method="HEAD") + get(f"/echo/{token}"))
        wire.read_response("HEAD").expect(status=200, fields={"Transfer-Encoding": "chunked"})
        wire.read_response().expect(status=200, body=token)


def test_trailers(server):
    """Trailers behind a body in chunks are read, and are no fields (RFC 9110, section 6.5.1)."""
    with server.connect() as wire:
        wire.send(chunked(b"hello", trailers=b"Content-Type: text/html\r\nX-Sum: 1\r\n"))
        answer = wire.read_response("POST")
        answer.expect(status=200, body="hello", fields={"Content-Type": "application/octet-stream"})
        wire.send(get("/echo/next"))
        wire.read_response().expect(status=200, body="next")


def test_100_continue(server, token):
    """Who waits for our word before the body gets it, once, and then the answer."""
    body = token.encode()
    with server.connect() as wire:
        for _ in range(2):
            wire.send(post(body, "Expect: 100-continue")[: -len(body)])
            wire.expect_bytes(b"HTTP/1.1 100 Continue\r\n\r\n")
            wire.send(body)
            answer = wire.read_response("POST").expect(status=200, body=token)
            assert not answer.interim


def test_body_that_comes_at_once(server, token):
    """Who does not wait is not told (RFC 9110, section 10.1.1)."""
    with server.connect() as wire:
        wire.send(post(token.encode(), "Expect: 100-continue"))
        answer = wire.read_response("POST").expect(status=200, body=token)
        assert not answer.interim


def test_other_expectations(server):
    """An expectation that nobody can meet is 417 (RFC 9110, section 15.5.18)."""
    server.ask(get("/", "Expect: cookies")).expect(status=417, fields={"Connection": "close"})


def test_upgrade_is_passed_over(server, token):
    """A server may ignore Upgrade, and goes on in HTTP/1.1 (RFC 9110, section 7.8)."""
    lines = ("Connection: Upgrade", "Upgrade: h2c, websocket")
    answer = server.ask(get(f"/echo/{token}", *lines))
    answer.expect(status=200, body=token, fields={"Upgrade": None})


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (get("/", "Transfer-Encoding: chunked", "Content-Length: 5") + b"0\r\n\r\n", 400),
        (get("/", "Transfer-Encoding: gzip, chunked"), 501),
        (get("/", "Transfer-Encoding: chunked", version="HTTP/1.0"), 400),
        (get("/", "Transfer-Encoding: chunked") + b"0x5\r\nhello\r\n0\r\n\r\n", 400),
        (get("/", "Transfer-Encoding: chunked") + b"5\r\nhelloGET ", 400),
        (get("/", method="POST"), 411),
        (get("/", "Content-Length: 99999999999999", method="POST"), 413),
    ],
    ids=["nonsense", "both", "gzip", "1.0", "0x", "no CR LF", "no length", "too long"],
)
def test_errors_end_the_connection(server, sent, status):
    """After an error in a request nobody knows where the next one begins: it is the last one.

    The answer arrives, whatever the client still sends; nothing of that is taken for a request.
    """
    with server.connect() as wire:
        wire.send(sent + get("/echo/smuggled") * 20)
        wire.read_response().expect(status=status, fields={"Connection": "close"})
        wire.expect_closed()


def test_client_that_ends_its_side(server, token):
    """A whole request is answered though its client has ended its side; half a one gets 400."""
    with server.connect() as wire:
        wire.send(get(f"/echo/{token}") + get("/echo/half")[:-2])
        wire.close_sending()
        wire.read_response().expect(status=200, body=token)
        wire.read_response().expect(status=400, fields={"Connection": "close"})
        wire.expect_closed()


def test_limits(serve, token):
    """Each connection gets so many answers, each request so long a body, and no more."""
    limited = serve("--max-requests", "3", "--max-body", "10", "--log", "off")
    with limited.connect() as wire:
        for last in (None, None, "close"):
            wire.send(get(f"/echo/{token}"))
            wire.read_response().expect(status=200, body=token, fields={"Connection": last})
        wire.expect_closed()
    for request, status in (
        (post(b"0123456789"), 200),
        (post(b"0123456789a"), 413),
        (chunked(b"01234", b"56789"), 200),
        (chunked(b"01234", b"56789", b"a"), 413),
    ):
        with limited.connect() as wire:
            wire.send(request)
            wire.read_response("POST").expect(status=status)


def test_time_limits(serve, token):
    """Who has begun a request is told 408, in its head and in its body; who is idle is let go."""
    times = ["--read-timeout", "0.1", "--body-timeout", "0.1", "--idle-timeout", "0.1"]
    limited = serve(*times, "--log", "off")
    head, body, idle, silent = (limited.connect() for _ in range(4))
    head.send(get("/echo/x")[:-2])
    body.send(post(b"hello")[:-1])
    idle.send(get(f"/echo/{token}"))
    for wire in (head, body):
        with wire:
            wire.read_response().expect(status=408, fields={"Connection": "close"})
            wire.expect_closed()
    with idle, silent:
        idle.read_response().expect(status=200, body=token)
        idle.expect_closed()
        silent.expect_closed()


def test_home_page_leads_to_it(server):
    """The home page has a link to the answer of unknown length."""
    with server.connect() as wire:
        wire.send(get("/"))
        wire.read_response().expect(status=200, contains='href="/count/10"')
        wire.send(get("/count/101"))
        wire.read_response().expect(status=404)


def test_options():
    """Every limit has its default."""
    found = program.all_options().parse_args([])
    assert (found.idle_timeout, found.max_requests, found.max_per_address) == (5.0, 1000, 800)
    assert (found.write_timeout, found.max_body) == (30.0, 10 * 1024 * 1024)
