# mistake: lets the errors of reading pass to the server
# module: wsgi.py
# check: test_wsgi.py::TestCall::test_malformed
# phrase: malformed
class WSGIApplication:
    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request that the environ describes: 400 where it does not describe any."""
        try:
            outcome = to_request(environ)
        except HTTPError as error:
            outcome = error
        response = respond(self.handler, outcome, environ.get("REMOTE_ADDR") or "-")
        if isinstance(response, GeneratedResponse):
            response.chunked = False  # how to frame it is for the server to say
        status = f"{response.status:03} {response.reason}"
        start_response(status, list(head_fields(response)))
        return Content(response, environ["REQUEST_METHOD"] == "HEAD")
