# mistake: takes all that is there, and not as much as was asked for
# module: received.py
# check: test_received.py::test_exactly
# phrase: byte by byte it is something else
class Received(bytearray):
    def exactly(self, count):
        """Take this many bytes."""
        while len(self) < count:
            yield
        return self.take(len(self))
