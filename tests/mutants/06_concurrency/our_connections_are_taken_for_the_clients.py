# mistake: an answer that loses a connection of its own ends as if the client had left, unseen
# module: exchange.py
# check: test_exchange.py::test_answer_that_breaks_off
# phrase: ConnectionResetError
def ours(pieces):
    """The pieces, and whatever is raised in making them."""
    return pieces
