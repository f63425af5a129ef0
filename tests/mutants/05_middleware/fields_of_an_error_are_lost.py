# mistake: the response of an HTTPError has its status and sentence alone
# module: error_pages.py
# check: test_error_pages.py::test_http_error_becomes_its_response
# phrase: Retry-After


class ErrorPages:
    def __call__(self, request: Request, next: Handler) -> Response:
        """401 without WWW-Authenticate, 405 without Allow."""
        accept = request.fields.get("Accept")
        try:
            return next(request)
        except HTTPError as error:
            return error_response(HTTPError(error.status, error.detail), accept)
        except Exception:
            trace = traceback.format_exc()
            request_id = request.context.get("request_id", "-")
            self.log(f"{request.method} {request.path} failed, request {request_id}\n{trace}")
            detail = trace if self.debug else "The server made a mistake."
            return error_response(HTTPError(500, detail), accept)
