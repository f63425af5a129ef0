# mistake: waits for the end of a line, however long it gets
# module: received.py
# check: test_received.py::test_line_that_is_too_long
# phrase: 431
class Received(bytearray):
    def line(self, limit, too_long):
        """Take a line, without its end."""
        while (end := self.find(b"\r\n")) < 0:
            yield
        line = self.take(end + 2)[:-2]
        if len(line) > limit:
            raise too_long
        return line
