# mistake: leaves the fields for what stands behind us
# module: proxies.py
# check: test_proxies.py::TestStrangers::test_taken_out
# phrase: X-Kept
class Proxied:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The client and the scheme in the context, and the host, are what our proxy says of them.

        Whoever the request comes from, the fields of FORWARDED are taken out: what stands behind us
        must not believe them either.
        """
        fields, context = Fields(request.fields), request.context
        target = request.target
        if self.is_proxy(context.get("client", "")):
            context["client"] = self.client(request)
            scheme = last(request, "X-Forwarded-Proto").lower()
            if scheme in ("http", "https"):
                context["scheme"] = scheme
            host = last(request, "X-Forwarded-Host")
            if host and is_authority(host):
                target = Target(target.path, target.query, host)
        return next(replace(request, fields=fields, target=target, context=context))
