# mistake: looks at the same address again and again while it is a proxy of ours
# module: proxies.py
# check: test_proxies.py::TestClient::test_two_proxies
# phrase: the loop over the addresses does not end
class Proxied:
    def client(self, request: Request) -> str:
        """The last address of X-Forwarded-For that is not a proxy of ours."""
        found = addresses(request.fields.get("X-Forwarded-For"))
        client = found[-1] if found else request.context["client"]
        while self.is_proxy(client):
            client = found[-1]
        return client
