# mistake: goes on with what has come behind the last request
# module: connection.py
# check: test_connection.py::TestSent::test_last_one
# phrase: assert [200, 200, 200] == [200]
class Connection:
    def sent(self):
        """The answer has gone out."""
        self.close()
        self.answers += 1
        rest = self.parser.rest
        self.happens(Event.ANSWERED)
        self.next_request()
        if rest:
            self.receive(rest)
