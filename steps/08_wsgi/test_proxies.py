"""Whom to believe, and exercise 08.4: the client behind the proxy."""

import ipaddress

import pytest

from fields import Fields
from proxies import Proxied
from request import Request
from response import Response
from server import all_options
from target import Target

PROXY = "10.0.0.1"
OTHER_PROXY = "10.0.0.2"
CLIENT = "192.0.2.7"


class Asked(Proxied):
    """Counts how often it was asked about an address, so that a loop without end has one."""

    asked = 0

    def is_proxy(self, text):
        """As ever, but not for ever."""
        self.asked += 1
        assert self.asked < 1000, "the loop over the addresses does not end"
        return super().is_proxy(text)


def seen(client: str, *lines: tuple[str, str], trusted=("10.0.0.0/8",)) -> Request:
    """The request that the rest of the chain gets, of a connection from this address."""
    requests = []

    def rest(request):
        requests.append(request)
        return Response()

    fields = Fields([("Host", "inside"), *lines])
    request = Request("GET", Target("/a", "b"), "HTTP/1.1", fields, context={"client": client})
    Asked(ipaddress.ip_network(one) for one in trusted)(request, rest)
    return requests[0]


def client(forwarded_for: str, connected: str = PROXY, **named) -> str:
    """Who the client is, with this field."""
    return seen(connected, ("X-Forwarded-For", forwarded_for), **named).context["client"]


@pytest.mark.exercise("08.4")
class TestClient:
    """The client of our proxy."""

    def test_said_by_our_proxy(self):
        """The address that the proxy has appended."""
        assert client(CLIENT) == CLIENT
        assert client("2001:db8::7") == "2001:db8::7"

    @pytest.mark.parametrize("zone", ["::1%eth0", 'fe80::1% - admin [now] "GET /" 200 9'])
    def test_zone(self, zone):
        """An address with a zone is none: any text may stand there, and would get into the log."""
        assert client(zone) == PROXY
        assert client(f"{CLIENT}, {zone}") == PROXY

    @pytest.mark.parametrize("made_up", ["6.6.6.6", "10.9.9.9", "6.6.6.6, 5.5.5.5", "nonsense"])
    def test_what_the_client_made_up(self, made_up):
        """The last item counts: what stands before it the client itself may have sent."""
        assert client(f"{made_up}, {CLIENT}") == CLIENT

    def test_two_proxies(self):
        """From the end of the list all our own proxies are passed over."""
        assert client(f"6.6.6.6, {CLIENT}, {OTHER_PROXY}") == CLIENT
        assert client(f"{CLIENT}, 10.1.1.1, 10.2.2.2") == CLIENT

    def test_stranger_between(self):
        """A proxy that is not ours is as far as we know: it may say what it likes."""
        assert client(f"6.6.6.6, {CLIENT}", trusted=[PROXY]) == CLIENT

    def test_proxies_only(self):
        """A proxy that asks for itself is the client."""
        assert client(OTHER_PROXY) == OTHER_PROXY
        assert client(f"{OTHER_PROXY}, {OTHER_PROXY}") == OTHER_PROXY

    @pytest.mark.parametrize("text", ["", ",", " , ,", "unknown", "_hidden", "1.2.3", "999.1.1.1"])
    def test_nobody(self, text):
        """Where the proxy names nobody, all that is known is the proxy."""
        assert client(text) == PROXY

    def test_garbage_in_the_middle(self):
        """What is no address ends the list: the one behind it is as far as it goes."""
        assert client(f"{CLIENT}, unknown, {OTHER_PROXY}") == OTHER_PROXY

    def test_several_lines(self):
        """Several lines are one list, in their order (RFC 9110, section 5.3)."""
        lines = (("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", CLIENT))
        assert seen(PROXY, *lines).context["client"] == CLIENT

    @pytest.mark.parametrize(
        ("item", "address"),
        [
            ("192.0.2.7:4711", "192.0.2.7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("\t192.0.2.7 ", "192.0.2.7"),
        ],
    )
    def test_ports(self, item, address):
        """Some proxies add the port; then it is taken off."""
        assert client(item) == address


class TestStrangers:
    """Who is no proxy of ours is believed nothing."""

    LIES = (
        ("X-Forwarded-For", "6.6.6.6"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"),
    )

    @pytest.mark.parametrize("connected", [CLIENT, "11.0.0.1", "2001:db8::7", "-", ""])
    def test_stranger(self, connected):
        """Neither client, nor scheme, nor host changes."""
        request = seen(connected, *self.LIES)
        assert request.context == {"client": connected}
        assert request.host == "inside"

    def test_nobody_is_trusted(self):
        """Without --trust-proxy nobody is, not even this machine."""
        assert client("6.6.6.6", connected="127.0.0.1", trusted=[]) == "127.0.0.1"

    @pytest.mark.parametrize(
        "name",
        [
            "Forwarded",
            "X-Real-IP",
            *(f"X-Forwarded-{one}" for one in ("For", "Proto", "Port", "Up")),
        ],
    )
    @pytest.mark.parametrize("connected", [CLIENT, PROXY])
    def test_taken_out(self, name, connected):
        """Whoever sent them, the fields end here: what is behind us must not believe them again."""
        request = seen(connected, (name.lower(), "x"), ("X-Kept", "1"))
        assert list(request.fields) == [("Host", "inside"), ("X-Kept", "1")]


class TestProxy:
    """What else our proxy says."""

    @pytest.mark.parametrize(
        ("said", "scheme"),
        [
            ("https", "https"),
            ("HTTPS", "https"),
            ("http", "http"),
            ("https, http", "http"),
            ("http, https", "https"),
            ("ftp", None),
            ("javascript", None),
            ("", None),
        ],
    )
    def test_scheme(self, said, scheme):
        """The scheme, if it is one of the two; of a list the last, which our proxy has said."""
        assert seen(PROXY, ("X-Forwarded-Proto", said)).context.get("scheme") == scheme

    @pytest.mark.parametrize(
        ("said", "host"),
        [
            ("shop.example", "shop.example"),
            ("shop.example:8443", "shop.example:8443"),
            ("evil.example, shop.example", "shop.example"),
            ("", "inside"),
            ("a b", "inside"),
            ("evil.example/path", "inside"),
            ("user@evil.example", "inside"),
        ],
    )
    def test_host(self, said, host):
        """The host that the client asked for, if it is one."""
        request = seen(PROXY, ("X-Forwarded-Host", said))
        assert request.host == host
        assert (request.path, request.target.query) == ("/a", "b")


class TestOption:
    """--trust-proxy names addresses and networks."""

    def test_networks(self):
        """It may be given several times; an address is a network of one."""
        words = ["--trust-proxy", "127.0.0.1", "--trust-proxy", "10.0.0.0/8"]
        networks = all_options().parse_args([*words, "--trust-proxy", "::1"]).trust_proxy
        assert [str(one) for one in networks] == ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]
        assert all_options().parse_args([]).trust_proxy == []

    @pytest.mark.parametrize("text", ["localhost", "10.0.0.1/8", "10.0.0", "*", ""])
    def test_what_is_none(self, text, capsys):
        """Anything else is refused when the server starts: a slip must not open it to all."""
        with pytest.raises(SystemExit):
            all_options().parse_args(["--trust-proxy", text])
        assert "a proxy is an IP address or network" in capsys.readouterr().err
