# mistake: counts the requests that may still come, and not the one that is answered
# module: connection.py
# check: test_connection.py::TestLastAnswers::test_many_requests
# phrase: assert [200, 200] == [200]
class Connection:
    def answer(self):
        """The pieces to send."""
        version = self.parser.head.version if self.parser.head else "HTTP/1.1"
        self.response = respond(self.handler, self.outcome, self.client)
        fit(self.response, version)
        is_one_more = self.answers < self.limits.max_requests and not self.ends()
        self.is_last = not (is_one_more and allows_more(self.outcome, self.response))
        return sending(self.response, version, self.parser.is_head, self.is_last)
