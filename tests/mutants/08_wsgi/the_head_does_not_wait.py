# mistake: does not ask for the first block: a generator has not begun to run
# module: hosted.py
# check: test_hosted.py::TestFirstBlock::test_generator_that_starts_late
# phrase: has not called start_response
class Answer:
    def response(self, blocks: Blocks) -> Response:
        """The response, once the first block is there: until then the headers may change.

        What `write` was given stands before the blocks. ValueError where the application has not
        called start_response by then, or tells a length that is none.
        """
        if self.status is None:
            raise ValueError("the application has not called start_response")
        self.is_sent = True
        blocks.ready[:0] = self.written
        size = self.size(blocks)
        return HostedResponse(self.status, b"", self.own_fields(), blocks, True, size, self.phrase)
