# mistake: takes whatever stands there for the client
# module: proxies.py
# check: test_proxies.py::TestClient::test_nobody
# phrase: unknown
class Proxied:
    def client(self, request: Request) -> str:
        """The last address of X-Forwarded-For that is not a proxy of ours.

        Each proxy appends who has asked it; what stands before that, a client may have made up.
        """
        client = request.context["client"]
        for address in reversed(addresses(request.fields.get("X-Forwarded-For"))):
            client = address
            if not self.is_proxy(address):
                break
        return client
