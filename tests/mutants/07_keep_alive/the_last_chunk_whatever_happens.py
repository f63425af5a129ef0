# mistake: sends the last chunk though the source has failed
# module: generated.py
# check: test_generated.py::TestBlocks::test_source_that_fails
# phrase: half
class GeneratedResponse(Response):
    def blocks(self):
        """What the source gives."""
        try:
            for data in self.source:
                if data:
                    yield chunk(data) if self.chunked else data
        finally:
            if self.chunked:
                yield LAST_CHUNK
