# mistake: keeps what has come of the next request, and looks at it when more comes
# module: connection.py
# check: test_connection.py::TestSent::test_pipelined_bodies
# phrase: Right contains 3 more items
class Connection:
    def sent(self):
        """The answer has gone out."""
        self.close()
        self.answers += 1
        self.happens(Event.LAST_ANSWERED if self.is_last else Event.ANSWERED)
        if not self.is_last:
            rest = self.parser.rest
            self.next_request()
            self.parser._received += rest
