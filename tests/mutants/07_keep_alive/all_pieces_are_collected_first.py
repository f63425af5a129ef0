# mistake: waits until all content is there, and sends it as one chunk
# module: generated.py
# check: test_generated.py::TestBlocks::test_one_at_a_time
# phrase: assert 3 == 1
class GeneratedResponse(Response):
    def blocks(self):
        """What the source gives."""
        if data := b"".join(self.source):
            yield chunk(data) if self.chunked else data
        if self.chunked:
            yield LAST_CHUNK
