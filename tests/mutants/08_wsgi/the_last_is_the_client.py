# mistake: takes the last item, though it is the next proxy of ours
# module: proxies.py
# check: test_proxies.py::TestClient::test_two_proxies
# phrase: 10.0.0.2
class Proxied:
    def client(self, request):
        """The last address of X-Forwarded-For that is not a proxy of ours."""
        found = addresses(request.fields.get("X-Forwarded-For"))
        good = [address for address in found if is_address(address)]
        return good[-1] if good else request.context["client"]
