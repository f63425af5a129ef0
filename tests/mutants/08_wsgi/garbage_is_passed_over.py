# mistake: goes on behind what is no address, to what a client made up
# module: proxies.py
# check: test_proxies.py::TestClient::test_garbage_in_the_middle
# phrase: 192.0.2.7
class Proxied:
    def client(self, request: Request) -> str:
        """The last address of X-Forwarded-For that is not a proxy of ours.

        Each proxy appends who has asked it; what stands before that, a client may have made up.
        """
        client = request.context["client"]
        for address in reversed(addresses(request.fields.get("X-Forwarded-For"))):
            if not is_address(address):
                continue
            client = address
            if not self.is_proxy(address):
                break
        return client
