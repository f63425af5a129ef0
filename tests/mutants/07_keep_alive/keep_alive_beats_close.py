# mistake: lets keep-alive win over close
# module: persistence.py
# check: test_persistence.py::TestPersists::test_persists
# phrase: keep-alive, close
def persists(version, fields):
    """Whether more requests may follow."""
    options = connection_options(fields)
    return "keep-alive" in options or (version != "HTTP/1.0" and "close" not in options)
