# mistake: never says that the body is whole
# module: generated.py
# check: test_generated.py::TestBlocks::test_chunks
# phrase: Right contains one more item: b'0\r\n\r\n'
class GeneratedResponse(Response):
    def blocks(self):
        """What the source gives."""
        for data in self.source:
            if data:
                yield chunk(data) if self.chunked else data
