# mistake: stops at the last chunk, and takes the trailers for the next request
# module: request.py
# check: test_request.py::TestChunked::test_body
# phrase: the request was whole before all of it had come
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
        return replace(head, body=body)
