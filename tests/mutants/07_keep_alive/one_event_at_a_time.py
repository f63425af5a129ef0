# mistake: lets one event happen for each piece that comes
# module: connection.py
# check: test_connection.py::TestAdvance::test_all_at_once
# phrase: Right contains 2 more items, first extra item: <Event.HEAD_READ
class Connection:
    def advance(self):
        """Let happen what the parser has come upon."""
        if self.state is State.IDLE and (self.parser.started or self.outcome):
            self.happens(Event.BEGUN)
        elif self.state is State.HEAD and self.parser.head:
            self.happens(Event.HEAD_READ)
        elif isinstance(self.outcome, Request):
            self.happens(Event.REQUEST_READ)
        elif self.outcome:
            self.happens(Event.REFUSED)
