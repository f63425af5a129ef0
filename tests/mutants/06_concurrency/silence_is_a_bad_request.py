# mistake: answers a client that has asked nothing
# module: exchange.py
# check: test_exchange.py::test_client_that_asks_nothing
# phrase: nothing was raised
class Exchange:
    def ended(self):
        """What to answer to a client that stops."""
        return HTTPError(400, "The connection ended in the middle of the request.")
