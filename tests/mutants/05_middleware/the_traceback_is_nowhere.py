# mistake: the exception is answered, and nobody is told
# module: error_pages.py
# check: test_error_pages.py::test_log_has_the_traceback
# phrase: not enough values to unpack


class ErrorPages:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The client sees a 500; who runs the server sees nothing."""
        accept = request.fields.get("Accept")
        try:
            return next(request)
        except HTTPError as error:
            return error_response(error, accept)
        except Exception:
            detail = traceback.format_exc() if self.debug else "The server made a mistake."
            return error_response(HTTPError(500, detail), accept)
