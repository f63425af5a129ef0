# mistake: says 100 (Continue) whenever a part of the body is missing
# module: connection.py
# check: test_connection.py::TestContinue::test_once
# phrase: [100
class Connection:
    def interim(self):
        """What to send before the answer."""
        if self.state is State.BODY and self.parser.wants_continue:
            yield CONTINUE
