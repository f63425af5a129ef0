# mistake: treats a refused request as one that was read
# module: connection.py
# check: test_connection.py::TestAdvance::test_malformed
# phrase: Event.REQUEST_READ: 'the body is whole'
class Connection:
    def advance(self):
        """Let happen what the parser has come upon."""
        if self.state is State.IDLE and (self.parser.started or self.outcome):
            self.happens(Event.BEGUN)
        if self.state is State.HEAD and (self.parser.head or self.outcome):
            self.happens(Event.HEAD_READ)
        if self.outcome:
            self.happens(Event.REQUEST_READ)
