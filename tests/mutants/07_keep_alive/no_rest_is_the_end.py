# mistake: takes an empty rest for the end of the connection
# module: connection.py
# check: test_connection.py::TestSent::test_nothing_behind
# phrase: ENDED
class Connection:
    def sent(self):
        """The answer has gone out."""
        self.close()
        self.answers += 1
        self.happens(Event.LAST_ANSWERED if self.is_last else Event.ANSWERED)
        if not self.is_last:
            rest = self.parser.rest
            self.next_request()
            self.receive(rest)
