# mistake: every exception is caught, those too that end the server
# module: error_pages.py
# check: test_error_pages.py::test_end_of_the_server_is_no_error
# phrase: was expected, and nothing was raised


class ErrorPages:
    def __call__(self, request: Request, next: Handler) -> Response:
        """`except:` takes KeyboardInterrupt and SystemExit: the server cannot be stopped."""
        accept = request.fields.get("Accept")
        try:
            return next(request)
        except HTTPError as error:
            return error_response(error, accept)
        except:
            trace = traceback.format_exc()
            request_id = request.context.get("request_id", "-")
            self.log(f"{request.method} {request.path} failed, request {request_id}\n{trace}")
            return error_response(HTTPError(500, trace if self.debug else "Sorry."), accept)
