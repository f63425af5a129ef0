# mistake: a handler that calls sys.exit ends the program
# module: exchange.py
# check: test_exchange.py::test_handler_that_fails[SystemExit]
# phrase: SystemExit
class Exchange:
    def response(self):
        """What the handler says."""
        if isinstance(self.outcome, HTTPError):
            return error_response(self.outcome)
        self.outcome.context["client"] = self.client
        accept = self.outcome.fields.get("Accept")
        try:
            return self.handler(self.outcome)
        except HTTPError as error:
            return error_response(error, accept)
        except Exception:
            tell_failure()
            return error_response(HTTPError(500, "The server made a mistake."), accept)
