# mistake: takes any byte for the beginning of a request
# module: connection.py
# check: test_connection.py::TestAdvance::test_empty_line_before_a_request
# phrase: assert <State.HEAD: 'reading a head'> is <State.IDLE
class Connection:
    def advance(self):
        """Let happen what the parser has come upon."""
        if self.state is State.IDLE:
            self.happens(Event.BEGUN)
        if self.state is State.HEAD and self.parser.head:
            self.happens(Event.HEAD_READ)
        if isinstance(self.outcome, Request):
            self.happens(Event.REQUEST_READ)
        elif self.outcome:
            self.happens(Event.REFUSED)
