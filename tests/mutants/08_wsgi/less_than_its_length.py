# mistake: ends as if all were well where there is less than the length
# module: hosted.py
# check: test_hosted.py::TestBlocks::test_too_short
# phrase: nothing was raised
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
            if data := data[:left]:
                left -= len(data)
                yield data
