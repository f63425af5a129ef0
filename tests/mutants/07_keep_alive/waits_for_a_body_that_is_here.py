# mistake: says 100 (Continue) though the body has begun to come
# module: request.py
# check: test_connection.py::TestContinue::test_body_that_is_here
# phrase: [100, 200]
class RequestParser:
    def _body(self, head):
        """The request with its body."""
        chunked = is_chunked(head.version, head.fields)
        length = 0
        if not chunked:
            length = body_length(head.method, head.version, head.fields, self.max_body)
        expects = expects_continue(head.version, head.fields)
        self.head, self.wants_continue = head, expects
        if not chunked:
            return replace(head, body=(yield from self._received.exactly(length)))
        body = yield from read_chunks(self._received, self.max_body)
        return replace(head, body=body, trailers=(yield from self._field_lines()))
