# mistake: takes any expectation for 100-continue
# module: persistence.py
# check: test_persistence.py::TestExpectations::test_any_other_expectation
# phrase: HTTPError
def expects_continue(version, fields):
    """Whether the client waits for our word."""
    return version != "HTTP/1.0" and "Expect" in fields
