# mistake: shows the traceback to whoever has asked
# module: error_pages.py
# check: test_error_pages.py::test_exception_is_500_without_internals
# phrase: Traceback


class ErrorPages:
    def __call__(self, request: Request, next: Handler) -> Response:
        """The page says all that can be said, which helps whoever has to mend it."""
        accept = request.fields.get("Accept")
        try:
            return next(request)
        except HTTPError as error:
            return error_response(error, accept)
        except Exception:
            trace = traceback.format_exc()
            self.log(f"{request.method} {request.path} failed\n{trace}")
            return error_response(HTTPError(500, trace), accept)
