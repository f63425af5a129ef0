# mistake: an IPv4 address that an IPv6 socket sees is not known
# module: networks.py
# check: test_networks.py::test_client_inside
# phrase: [IPv4 seen by an IPv6 socket]


class OnlyFrom:
    def __call__(self, request: Request, next: Handler) -> Response:
        """With --host :: every client of IPv4 is refused."""
        try:
            address = ip_address(request.context.get("client", "-"))
        except ValueError:
            raise HTTPError(403, "Nobody knows where this request comes from.") from None
        if not any(address in network for network in self.networks):
            raise HTTPError(403, "This server does not answer clients of this network.")
        return next(request)
