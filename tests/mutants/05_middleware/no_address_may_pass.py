# mistake: a client without an address is let in
# module: networks.py
# check: test_networks.py::test_client_that_nobody_knows
# phrase: was expected, and nothing was raised


class OnlyFrom:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Who cannot be judged is let in."""
        try:
            address = ip_address(request.context.get("client", "-"))
        except ValueError:
            return next(request)
        address = getattr(address, "ipv4_mapped", None) or address
        if not any(address in network for network in self.networks):
            raise HTTPError(403, "This server does not answer clients of this network.")
        return next(request)
