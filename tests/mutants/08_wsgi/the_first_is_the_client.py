# mistake: believes the first item, which the client has written
# module: proxies.py
# check: test_proxies.py::TestClient::test_what_the_client_made_up
# phrase: 6.6.6.6
class Proxied:
    def client(self, request):
        """The last address of X-Forwarded-For that is not a proxy of ours."""
        found = addresses(request.fields.get("X-Forwarded-For"))
        good = [address for address in found if is_address(address)]
        return good[0] if good else request.context["client"]
