"""The promises of step 06, over the wire: whatever the model, everybody gets their answer."""

import os
import re
import signal

import pytest

import server as program

MODELS = ["threads", "fork", "selectors"]
"""One of each kind: threads, processes, a loop. test_serving.py has what all of them promise."""

SECONDS = 5
"""No wait in here takes longer, unless something is wrong."""

CHILDREN = 4
"""Processes of the model `fork` in here: enough to have one that did not take the last request."""


def ask(target: str, *lines: str, method: str = "GET", body: bytes | None = None) -> bytes:
    """A request as bytes."""
    if body is not None:
        lines = (*lines, f"Content-Length: {len(body)}")
    head = [f"{method} {target} HTTP/1.1", "Host: localhost", *lines, "", ""]
    return "\r\n".join(head).encode() + (body or b"")


def as_json(target: str, body: bytes, method: str = "POST") -> bytes:
    """A request with JSON."""
    return ask(target, "Content-Type: application/json", method=method, body=body)


def once(server, request: bytes):
    """The answer to a request that is sent once, and not three times as `ask` does."""
    with server.connect() as wire:
        wire.send(request)
        return wire.read_response(request.split()[0].decode())


@pytest.fixture(params=MODELS)
def each(request, serve):
    """The server, with each of the models."""
    if request.param == "fork" and not hasattr(os, "fork"):
        pytest.skip("this system has no fork, and so no model of that name")
    workers = ["--workers", str(CHILDREN)] if request.param == "fork" else []
    return serve("--model", request.param, *workers, "--log", "off")


def test_request_in_any_pieces(each, rng):
    """A request in one piece, byte by byte, or with another one behind it: the same answer."""
    token = f"{rng.getrandbits(64):016x}"
    answer = each.ask(ask(f"/echo/{token}"))
    answer.expect(status=200, body=token, fields={"Connection": "close"})


def test_answered_beside_half_requests(each, rng):
    """While several clients are in the middle of their requests, another one is answered.

    A server that is busy with one of them until it has said everything answers nobody else.
    """
    tokens = [f"{rng.getrandbits(64):016x}" for _ in range(CHILDREN - 1)]
    requests = [ask(f"/echo/{token}") for token in tokens]
    wires = [each.connect() for _ in tokens]
    for wire, request in zip(wires, requests, strict=True):
        wire.send(request[:20])
    once(each, ask("/echo/whole")).expect(status=200, body="whole")
    for wire, request, token in zip(wires, requests, tokens, strict=True):
        wire.send(request[20:])
        with wire:
            wire.read_response().expect(status=200, body=token)


def test_clients_that_leave_in_the_middle(each):
    """Who closes or breaks off in the middle, or never says a word, is no loss to the next one."""
    for end in (0, 1, 30):
        for leave in ("close", "reset"):
            wire = each.connect()
            wire.send(ask("/echo/half-a-request")[:end])
            getattr(wire, leave)()
    once(each, ask("/echo/whole")).expect(status=200, body="whole")


def test_clients_that_end_their_side(each):
    """A whole request is answered though its client has ended its side; half a one gets 400."""
    for request, status in ((ask("/echo/x"), 200), (ask("/echo/x")[:20], 400)):
        with each.connect() as wire:
            wire.send(request)
            wire.close_sending()
            wire.read_response().expect(status=status, fields={"Connection": "close"})


def test_notes_are_the_same_for_everybody(each):
    """What one connection creates all others read, whichever thread or process answers them.

    Many ask at the same moment, so that a server of several processes needs more than one.
    """
    answer = once(each, as_json("/api/notes", b'{"text": "milk"}')).expect(status=201)
    place = answer.fields.get("Location")
    note = answer.json()
    wires = [each.connect() for _ in range(4 * CHILDREN)]
    for wire in wires:
        wire.send(ask(place))
    for wire in wires:
        with wire:
            wire.read_response().expect(status=200, json=note)
    changed = note | {"text": "bread"}
    once(each, as_json(place, b'{"text": "bread"}', "PATCH")).expect(status=200, json=changed)
    once(each, ask(place)).expect(status=200, json=changed)
    once(each, ask(place, method="DELETE", body=b"")).expect(status=204)
    once(each, ask(place)).expect(status=404)


def test_numbers_of_notes(each):
    """No two notes get the same number, though they are created at the same moment."""
    wires = [each.connect() for _ in range(2 * CHILDREN)]
    for number, wire in enumerate(wires):
        wire.send(as_json("/api/notes", b'{"text": "note %d"}' % number))
    places = set()
    for wire in wires:
        with wire:
            answer = wire.read_response("POST").expect(status=201)
            places.add(answer.fields.get("Location"))
    assert len(places) == len(wires)
    for place in places:
        once(each, ask(place, method="DELETE", body=b""))


def test_home_page_leads_to_it(server):
    """The home page has a link to it."""
    once(server, ask("/")).expect(status=200, contains='href="/slow"')


def test_client_is_known(server):
    """The application learns who it talks to, whatever serves it."""
    request = ask("/api/me", "Authorization: Bearer the-token-of-the-demo")
    answer = once(server, request).expect(status=200)
    assert re.fullmatch(r"127\.0\.0\.1|::1", answer.json()["client"])


def test_options():
    """Without options the model is `threads`; every option has its default."""
    options = program.all_options().parse_args([])
    assert (options.model, options.workers, options.max_connections) == ("threads", None, 1000)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_order_to_stop(serve):
    """SIGTERM to a family of processes: what its children have in flight is answered, and it ends.

    This is the last check in here: it ends the server of the others.
    """
    server = serve("--model", "fork", "--workers", str(CHILDREN), "--log", "off")
    wires = [server.connect() for _ in range(CHILDREN)]
    for wire in wires:
        wire.send(ask("/echo/late")[:20])
    running = server.running
    running.process.send_signal(signal.SIGTERM)
    for wire in wires:
        wire.send(ask("/echo/late")[20:])
        with wire:
            wire.read_response().expect(status=200, body="late")
    assert running.process.wait(SECONDS) == 0
    assert running.own.output.wait_for(lambda text: text.endswith("Stopped.\n"), SECONDS)
