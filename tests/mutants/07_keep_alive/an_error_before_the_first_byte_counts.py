# mistake: forgets that a malformed request has begun, too
# module: connection.py
# check: test_connection.py::TestAdvance::test_malformed
# phrase: KeyError
class Connection:
    def advance(self):
        """Let happen what the parser has come upon."""
        if self.state is State.IDLE and self.parser.started:
            self.happens(Event.BEGUN)
        if self.state is State.HEAD and self.parser.head:
            self.happens(Event.HEAD_READ)
        if isinstance(self.outcome, Request):
            self.happens(Event.REQUEST_READ)
        elif self.outcome:
            self.happens(Event.REFUSED)
