"""The link that believes what a proxy says of its client, if it is our proxy."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from fields import Fields
from middleware import Handler
from request import Request
from response import Response
from target import Target, is_authority

FORWARDED = re.compile("forwarded|x-forwarded-.*|x-real-ip", re.IGNORECASE)
"""The fields that proxies write, and that everybody else can write as well."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxied:
    """Sees the client behind our proxy."""

    def __init__(self, proxies: Iterable[Network]) -> None:
        """These are our proxies: nobody else is believed."""
        self.proxies = tuple(proxies)

    def __call__(self, request: Request, next: Handler) -> Response:
        """The client and the scheme in the context, and the host, are what our proxy says of them.

        Whoever the request comes from, the fields of FORWARDED are taken out: what stands behind us
        must not believe them either.
        """
        fields = Fields(line for line in request.fields if not FORWARDED.fullmatch(line[0]))
        context = request.context
        target = request.target
        if self.is_proxy(context.get("client", "")):
            context["client"] = self.client(request)
            scheme = last(request, "X-Forwarded-Proto").lower()
            if scheme in ("http", "https"):
                context["scheme"] = scheme
            host = last(request, "X-Forwarded-Host")
            if host and is_authority(host):
                target = Target(target.path, target.query, host)
        return next(replace(request, fields=fields, target=target, context=context))

    def client(self, request: Request) -> str:
        """The last address of X-Forwarded-For that is not a proxy of ours.

        Each proxy appends who has asked it; what stands before that, a client may have made up.
        So the list is read from its end, by `addresses`, without ports. What is no address ends it:
        then the client is the one read last, as it is where all of them are proxies of ours. Where
        none was read, it is who is connected to us, which is the "client" of the context.
        """
        client = request.context["client"]
        for address in reversed(addresses(request.fields.get("X-Forwarded-For"))):
            if not is_address(address):
                break
            client = address
            if not self.is_proxy(address):
                break
        return client

    def is_proxy(self, text: str) -> bool:
        """Whether this address is one of our proxies'."""
        return is_address(text) and any(ipaddress.ip_address(text) in one for one in self.proxies)


def addresses(text: str) -> list[str]:
    """The items of X-Forwarded-For, without the ports that some proxies add."""
    items = [item.strip(" \t") for item in text.split(",")]
    return [re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", item) for item in items if item]


def is_address(text: str) -> bool:
    """Whether this is an IP address. One with a zone (fe80::1%eth0) is not: a zone is any text,
    means something to one machine alone, and would stand in our log.
    """
    try:
        ipaddress.ip_address(text.replace("%", " "))
    except ValueError:
        return False
    return True


def last(request: Request, name: str) -> str:
    """The last item of a list: what the proxy nearest to us has said."""
    return request.fields.get(name).rpartition(",")[2].strip(" \t")
