# mistake: keeps a connection only where it is asked to, in HTTP/1.1 as well
# module: persistence.py
# check: test_persistence.py::TestPersists::test_persists
# phrase: HTTP/1.1
def persists(version, fields):
    """Whether more requests may follow."""
    options = connection_options(fields)
    return "keep-alive" in options and "close" not in options
