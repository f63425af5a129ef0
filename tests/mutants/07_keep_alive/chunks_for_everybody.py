# mistake: sends chunks to clients of HTTP/1.0, too
# module: generated.py
# check: test_generated.py::TestBlocks::test_without_chunks
# phrase: abc
class GeneratedResponse(Response):
    def blocks(self):
        """What the source gives."""
        for data in self.source:
            if data:
                yield chunk(data)
        yield LAST_CHUNK
