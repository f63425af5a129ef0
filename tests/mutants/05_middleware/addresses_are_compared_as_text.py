# mistake: the beginning of the text decides
# module: networks.py
# check: test_networks.py::test_client_outside
# phrase: [begins with the same text]


class OnlyFrom:
    def __call__(self, request: Request, next: Handler) -> Response:
        """198.51.100.70 begins like 198.51.100.7."""
        client = request.context.get("client", "-")
        for network in self.networks:
            text = str(network.network_address).rstrip("0")
            if client.startswith(text):
                return next(request)
        raise HTTPError(403, "This server does not answer clients of this network.")
