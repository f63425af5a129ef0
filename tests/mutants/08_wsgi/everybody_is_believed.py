# mistake: believes whoever sends the fields
# module: proxies.py
# check: test_proxies.py::TestStrangers::test_stranger
# phrase: 6.6.6.6
class Proxied:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The client and the scheme in the context, and the host, are what our proxy says of them.

        Whoever the request comes from, the fields of FORWARDED are taken out: what stands behind us
        must not believe them either.
        """
        fields = Fields(line for line in request.fields if not FORWARDED.fullmatch(line[0]))
        context = request.context
        target = request.target
        if "X-Forwarded-For" in request.fields:
            context["client"] = self.client(request)
            scheme = last(request, "X-Forwarded-Proto").lower()
            if scheme in ("http", "https"):
                context["scheme"] = scheme
            host = last(request, "X-Forwarded-Host")
            if host and is_authority(host):
                target = Target(target.path, target.query, host)
        return next(replace(request, fields=fields, target=target, context=context))
