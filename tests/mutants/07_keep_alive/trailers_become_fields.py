# mistake: puts the trailers among the fields
# module: request.py
# check: test_request.py::TestChunked::test_trailers_are_apart
# phrase: assert [] == [('X-Sum', '5')
class RequestParser:
    def _body(self, head):
        """The request with its body."""
        chunked = is_chunked(head.version, head.fields)
        length = 0
        if not chunked:
            length = body_length(head.method, head.version, head.fields, self.max_body)
        expects = expects_continue(head.version, head.fields)
        self.head, self.wants_continue = head, expects and not self._received
        if not chunked:
            return replace(head, body=(yield from self._received.exactly(length)))
        body = yield from read_chunks(self._received, self.max_body)
        for name, value in (yield from self._field_lines()):
            head.fields.add(name, value)
        return replace(head, body=body)
