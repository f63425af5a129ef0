# mistake: reads the next request with the parser of the one before
# module: connection.py
# check: test_connection.py::TestSent::test_idle_again
# phrase: [b'<GET /0 >'] == [b'<GET /1 >']
class Connection:
    def sent(self):
        """The answer has gone out."""
        self.close()
        self.answers += 1
        self.happens(Event.LAST_ANSWERED if self.is_last else Event.ANSWERED)
        if not self.is_last:
            self.outcome = None
