# mistake: the answer to HEAD has the content of GET
# module: wsgi.py
# check: test_wsgi.py::TestCall::test_head
# phrase: b'hello' == b''
class WSGIApplication:
    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request that the environ describes: 400 where it does not describe any."""
        try:
            outcome = to_request(environ)
        except HTTPError as error:
            outcome = error
        except ValueError as error:
            outcome = HTTPError(400, f"A field line is malformed: {error}.")
        response = respond(self.handler, outcome, environ.get("REMOTE_ADDR") or "-")
        if isinstance(response, GeneratedResponse):
            response.chunked = False  # how to frame it is for the server to say
        status = f"{response.status:03} {response.reason}"
        start_response(status, list(head_fields(response)))
        return Content(response, False)
