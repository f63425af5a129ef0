# mistake: gives start_response fields of our own instead of a list
# module: wsgi.py
# check: test_wsgi.py::TestCall::test_answer
# phrase: Fields
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
        start_response(status, head_fields(response))
        return Content(response, environ["REQUEST_METHOD"] == "HEAD")
