"""Exercise 05.6: let in only clients whose address is in one of some networks."""

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from application import application
from errors import HTTPError
from guards import INSIDE_OF
from listening import options, run
from middleware import Chain, Handler, Link, name_of
from request import Request
from response import Response
from server import serve_connection

HERE = ("127.0.0.0/8", "::1")
"""This machine."""


def parse_networks(texts: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    """The networks that the texts name, in order: "192.0.2.0/24", "2001:db8::/32".

    An address alone is a network of one. ValueError for what is none, and where an address has
    bits set behind the network's, as 192.0.2.7/24 has: who wrote that has meant one of two things.
    """
    return [ip_network(text) for text in texts]


class OnlyFrom:
    """Lets in only clients of some networks."""

    inside_of = INSIDE_OF

    def __init__(self, *networks: str) -> None:
        """The networks in text form. ValueError where one is none."""
        self.networks = parse_networks(networks)

    def __call__(self, request: Request, next: Handler) -> Response:
        """The rest's response for a client in one of the networks; HTTPError 403 for all others.

        The client's address is in the context, as "client". A server that listens on IPv6 sees
        an IPv4 client as ::ffff:192.0.2.7: that counts as 192.0.2.7 (RFC 4291, section 2.5.5.2).
        A client whose address is not known, or is none, is refused.
        """
        try:
            address = ip_address(request.context.get("client", "-"))
        except ValueError:
            raise HTTPError(403, "Nobody knows where this request comes from.") from None
        address = getattr(address, "ipv4_mapped", None) or address
        if not any(address in network for network in self.networks):
            raise HTTPError(403, "This server does not answer clients of this network.")
        return next(request)


def guarded(links: Sequence[Link], guard: Link) -> Chain:
    """The chain with one more link: right inside ErrorPages, which answers what it refuses."""
    position = [name_of(link) for link in links].index("ErrorPages") + 1
    return Chain(*links[:position], guard, *links[position:])


def main() -> None:
    """Serve the demo application to the networks that the options name."""
    parser = options(__doc__)
    parser.add_argument(
        "--network", action="append", metavar="NET", help=f"let this one in ({', '.join(HERE)})"
    )
    arguments = parser.parse_args()
    try:
        guard = OnlyFrom(*(arguments.network or HERE))
    except ValueError as error:
        parser.error(f"--network: {error}")
    handler = guarded(application().links, guard)

    def handle(connection: socket.socket) -> None:
        serve_connection(connection, handler)

    run(handle, arguments)


if __name__ == "__main__":
    main()
