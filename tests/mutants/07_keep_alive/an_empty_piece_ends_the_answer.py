# mistake: sends an empty piece as a chunk of size 0
# module: generated.py
# check: test_generated.py::TestBlocks::test_empty_pieces
# phrase: 1\r\na\r\n1\r\nb\r\n0\r\n\r\n'
class GeneratedResponse(Response):
    def blocks(self):
        """What the source gives."""
        for data in self.source:
            yield b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data
        if self.chunked:
            yield LAST_CHUNK
