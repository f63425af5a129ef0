# mistake: takes the whole field for one option
# module: persistence.py
# check: test_persistence.py::TestPersists::test_persists
# phrase: 'X-Hop, close'
def persists(version, fields):
    """Whether more requests may follow."""
    option = fields.get("Connection").lower()
    return option != "close" and (version != "HTTP/1.0" or option == "keep-alive")
