# mistake: keeps the connections of HTTP/1.0 that did not ask for it
# module: persistence.py
# check: test_persistence.py::TestPersists::test_persists
# phrase: HTTP/1.0
def persists(version, fields):
    """Whether more requests may follow."""
    return "close" not in connection_options(fields)
