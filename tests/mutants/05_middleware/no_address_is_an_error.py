# mistake: a client without an address is a ValueError
# module: networks.py
# check: test_networks.py::test_client_that_nobody_knows
# phrase: does not appear to be an IPv4 or IPv6 address


class OnlyFrom:
    def __call__(self, request: Request, next: Handler) -> Response:
        """A client that has left already makes a traceback in the log."""
        address = ip_address(request.context.get("client", "-"))
        address = getattr(address, "ipv4_mapped", None) or address
        if not any(address in network for network in self.networks):
            raise HTTPError(403, "This server does not answer clients of this network.")
        return next(request)
