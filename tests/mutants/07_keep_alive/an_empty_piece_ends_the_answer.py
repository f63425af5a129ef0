# mistake: sends an empty piece as a chunk of size 0
# module: generated.py
# check: test_generated.py::TestBlocks::test_empty_pieces
# phrase: assert
class GeneratedResponse(Response):
    def blocks(self):
        """What the source gives."""
        for data in self.source:
            yield b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data
        if self.chunked:
            yield LAST_CHUNK
