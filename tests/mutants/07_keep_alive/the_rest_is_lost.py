# mistake: begins the next request without what has come of it already
# module: connection.py
# check: test_connection.py::TestSent::test_pipelined
# phrase: Right contains 9 more items
class Connection:
    def sent(self):
        """The answer has gone out."""
        self.close()
        self.answers += 1
        self.happens(Event.LAST_ANSWERED if self.is_last else Event.ANSWERED)
        if not self.is_last:
            self.next_request()
