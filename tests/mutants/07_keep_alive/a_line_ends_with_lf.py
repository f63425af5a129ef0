# mistake: takes LF alone for the end of a line
# module: received.py
# check: test_received.py::test_line_that_does_not_end_well
# phrase: 400
class Received(bytearray):
    def line(self, limit, too_long):
        """Take a line, without its end."""
        while (end := self.find(b"\n")) < 0:
            check_line(self, limit, too_long)
            yield
        line = self.take(end + 1)[:-1]
        check_line(line, limit, too_long)
        return line.removesuffix(b"\r")
