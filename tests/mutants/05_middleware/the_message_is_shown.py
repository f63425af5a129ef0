# mistake: the 500 page has the exception's message, which is meant for us
# module: error_pages.py
# check: test_error_pages.py::test_exception_is_500_without_internals
# phrase: 'swordfish' is shown to a stranger


class ErrorPages:
    def __call__(self, request: Request, next: Handler) -> Response:
        """One line only, and in it the path of the database."""
        accept = request.fields.get("Accept")
        try:
            return next(request)
        except HTTPError as error:
            return error_response(error, accept)
        except Exception as error:
            trace = traceback.format_exc()
            request_id = request.context.get("request_id", "-")
            self.log(f"{request.method} {request.path} failed, request {request_id}\n{trace}")
            return error_response(HTTPError(500, trace if self.debug else str(error)), accept)
