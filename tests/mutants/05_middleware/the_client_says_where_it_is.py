# mistake: a field of the request names the client
# module: networks.py
# check: test_networks.py::test_what_a_client_says_does_not_count
# phrase: was expected, and nothing was raised


class OnlyFrom:
    def __call__(self, request: Request, next: Handler) -> Response:
        """Anybody can write X-Forwarded-For."""
        client = request.fields.get("X-Forwarded-For") or request.context.get("client", "-")
        try:
            address = ip_address(client)
        except ValueError:
            raise HTTPError(403, "Nobody knows where this request comes from.") from None
        address = getattr(address, "ipv4_mapped", None) or address
        if not any(address in network for network in self.networks):
            raise HTTPError(403, "This server does not answer clients of this network.")
        return next(request)
