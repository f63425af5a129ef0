# mistake: forgets that the head is on its way
# module: hosted.py
# check: test_hosted.py::TestFirstBlock::test_head_is_sent_then
# phrase: nothing was raised
class Answer:
    def response(self, blocks: Blocks) -> Response:
        """The response, once the first block is there: until then the headers may change.

        What `write` was given stands before the blocks. ValueError where the application has not
        called start_response by then, or tells a length that is none.
        """
        if not any(self.written):
            blocks.get_ready()
        if self.status is None:
            raise ValueError("the application has not called start_response")
        blocks.ready[:0] = self.written
        size = self.size(blocks)
        return HostedResponse(self.status, b"", self.own_fields(), blocks, True, size, self.phrase)
