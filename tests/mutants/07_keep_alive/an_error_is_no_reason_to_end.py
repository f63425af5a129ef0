# mistake: goes on after a malformed request
# module: answering.py
# check: test_connection.py::TestLastAnswers::test_errors_in_a_request
# phrase: assert [400, 500] == [400]
def allows_more(outcome, response):
    """Whether another request may follow."""
    if isinstance(outcome, Request) and not persists(outcome.version, outcome.fields):
        return False
    return "close" not in connection_options(response.fields)
