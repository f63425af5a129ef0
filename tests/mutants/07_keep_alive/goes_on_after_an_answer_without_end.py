# mistake: keeps the connection behind an answer that only its end can end
# module: answering.py
# check: test_connection.py::TestGenerated::test_1_0
# phrase: Connection: keep-alive\r\n
def allows_more(outcome, response):
    """Whether another request may follow."""
    if not isinstance(outcome, Request) or not persists(outcome.version, outcome.fields):
        return False
    return "close" not in connection_options(response.fields)
