"""Exercise 05.6: only clients whose address is in one of some networks are let in."""

import pytest

from application import application
from errors import HTTPError
from fields import Fields
from middleware import name_of
from networks import OnlyFrom, guarded, parse_networks
from request import Request
from response import Response
from target import parse_target

pytestmark = pytest.mark.exercise("05.6")

NETWORKS = ("192.0.2.0/24", "198.51.100.7", "2001:db8:1::/48", "::1")

INSIDE = {
    "first of a network": "192.0.2.0",
    "last of a network": "192.0.2.255",
    "the one address": "198.51.100.7",
    "IPv6": "2001:db8:1::7",
    "IPv6 written long": "2001:0DB8:0001:0000:0000:0000:0000:0007",
    "this machine": "::1",
    "IPv4 seen by an IPv6 socket": "::ffff:192.0.2.7",
    "the same in hexadecimal": "::ffff:c000:207",
    "the one address, mapped": "::ffff:198.51.100.7",
}

OUTSIDE = {
    "before a network": "192.0.1.255",
    "behind a network": "192.0.3.0",
    "begins with the same text": "198.51.100.70",
    "neighbour": "198.51.100.6",
    "another IPv6 network": "2001:db8:2::7",
    "any address": "0.0.0.0",
    "any IPv6 address": "::",
    "mapped, outside": "::ffff:192.0.3.7",
    "the same digits, not mapped": "::192.0.2.7",
    "loopback of the other kind": "127.0.0.1",
}

NOBODY = {
    "left already": "-",
    "empty": "",
    "name": "localhost",
    "address and port": "192.0.2.7:80",
    "network": "192.0.2.0/24",
    "leading zeros": "192.0.2.007",
    "three numbers": "192.0.2",
    "one number": "3221225991",
    "two addresses": "192.0.2.7, 192.0.2.8",
    "space": " 192.0.2.7",
}


def request(client: str | None, target: str = "/") -> Request:
    """A request of a client with this address; None where no server has put one down."""
    context = {} if client is None else {"client": client}
    return Request("GET", parse_target("GET", target), "HTTP/1.1", Fields(), context=context)


def hello(request: Request) -> Response:
    """What is behind the link."""
    return Response.text("hello")


def refused(client: str | None, **fields: str) -> None:
    """Check that a client is refused, and that nobody is asked about it."""
    given, asked = request(client), []
    for name, value in fields.items():
        given.fields.add(name.replace("_", "-"), value)
    with pytest.raises(HTTPError) as error:
        OnlyFrom(*NETWORKS)(given, asked.append)
    assert error.value.status == 403
    assert asked == []


@pytest.mark.parametrize("client", INSIDE.values(), ids=INSIDE)
def test_client_inside(client):
    """A client in one of the networks is let in; an IPv4-mapped address counts as IPv4."""
    assert OnlyFrom(*NETWORKS)(request(client), hello).content == b"hello"


@pytest.mark.parametrize("client", OUTSIDE.values(), ids=OUTSIDE)
def test_client_outside(client):
    """A client in none of them is refused: 403."""
    refused(client)


@pytest.mark.parametrize("client", NOBODY.values(), ids=NOBODY)
def test_client_that_nobody_knows(client):
    """What is no address is in no network: 403, and no exception of another kind."""
    refused(client)


def test_client_that_nobody_has_put_down():
    """Where the server has not said who it is, nobody is let in."""
    refused(None)


def test_what_a_client_says_does_not_count():
    """A field that names another address changes nothing: anybody can write one."""
    refused("203.0.113.7", X_Forwarded_For="192.0.2.7", Forwarded="for=192.0.2.7")


def test_no_networks():
    """Without a network nobody is let in."""
    with pytest.raises(HTTPError, match="403"):
        OnlyFrom()(request("127.0.0.1"), hello)


def test_all_addresses():
    """A network of all IPv4 addresses has no IPv6 address in it, and the other way round."""
    assert OnlyFrom("0.0.0.0/0")(request("203.0.113.7"), hello).status == 200
    assert OnlyFrom("0.0.0.0/0")(request("::ffff:203.0.113.7"), hello).status == 200
    with pytest.raises(HTTPError, match="403"):
        OnlyFrom("0.0.0.0/0")(request("2001:db8::1"), hello)
    with pytest.raises(HTTPError, match="403"):
        OnlyFrom("::/0")(request("203.0.113.7"), hello)


def test_parse_networks():
    """The networks come in order; an address alone is a network of one."""
    texts = ["192.0.2.0/24", "198.51.100.7", "2001:DB8::/32", "::1"]
    networks = [str(one) for one in parse_networks(texts)]
    assert networks == ["192.0.2.0/24", "198.51.100.7/32", "2001:db8::/32", "::1/128"]
    assert list(parse_networks([])) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "here",
        "192.0.2.7/24",
        "2001:db8::1/32",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "192.0.2",
        "10/8",
    ],
)
def test_no_network(text):
    """What is no network, or an address with bits behind the network's, is a ValueError."""
    with pytest.raises(ValueError):
        parse_networks(["192.0.2.0/24", text])
    with pytest.raises(ValueError):
        OnlyFrom(text)


def test_place_in_the_chain():
    """The link stands right inside ErrorPages, and so outside of all that answers."""
    names = [name_of(link) for link in guarded(application().links, OnlyFrom()).links]
    assert names[names.index("OnlyFrom") - 1] == "ErrorPages"
    assert names.index("OnlyFrom") < names.index("Files")


@pytest.mark.parametrize("network, status", [("127.0.0.0/8", 200), ("192.0.2.0/24", 403)])
def test_application_behind_it(network, status):
    """The application answers clients of the network, and makes a page of each refusal."""
    chain = guarded(application(log="off").links, OnlyFrom(network))
    response = chain(request("127.0.0.1", "/about"))
    assert response.status == status
    assert (b"MyHTTPServer" in response.content) == (status == 200)
    assert "X-Request-ID" in response.fields


def test_on_the_wire(serve):
    """The server of this exercise refuses this machine where it may not: 403."""
    far = serve("--network", "192.0.2.0/24", "--network", "2001:db8::/32", script="networks")
    far.ask(b"GET /about HTTP/1.1\r\nHost: a\r\n\r\n").expect(status=403, lacks="MyHTTPServer")
