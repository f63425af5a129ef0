# mistake: sets the state without looking at the table
# module: connection.py
# check: test_connection.py::TestAdvance::test_all_at_once
# phrase: not set by hand
class Connection:
    def advance(self):
        """Let happen what the parser has come upon."""
        if self.outcome:
            self.state = State.ANSWERING
        elif self.parser.head:
            self.state = State.BODY
        elif self.parser.started:
            self.state = State.HEAD
