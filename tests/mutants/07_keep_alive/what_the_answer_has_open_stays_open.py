# mistake: does not close a generated answer that was sent
# module: connection.py
# check: test_connection.py::TestSent::test_answer_is_closed
# phrase: assert [] == [1]
class Connection:
    def sent(self):
        """The answer has gone out."""
        self.answers += 1
        self.happens(Event.LAST_ANSWERED if self.is_last else Event.ANSWERED)
        if not self.is_last:
            rest = self.parser.rest
            self.next_request()
            if rest:
                self.receive(rest)
