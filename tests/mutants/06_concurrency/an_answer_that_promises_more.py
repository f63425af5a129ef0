# mistake: does not say that the connection ends here
# module: exchange.py
# check: test_exchange.py::test_every_answer_is_the_last
# phrase: Connection: close
class Exchange:
    def answer(self):
        """The pieces to send."""
        return pieces(self.response(), self.parser.is_head)
