# mistake: sends all that the application gives
# module: hosted.py
# check: test_hosted.py::TestBlocks::test_too_long
# phrase: hello world
class HostedResponse(GeneratedResponse):
    def blocks(self) -> Iterator[bytes]:
        """The content. What goes beyond the length is not sent: it would be the next answer.

        OSError where there is less: the client must see that it has not got all.
        """
        if self.length is None:
            yield from super().blocks()
            return
        left = self.length
        for data in self.source:
            if data:
                left -= len(data)
                yield data
        if left > 0:
            raise OSError(f"the application gave {left} bytes less than its Content-Length")
