# mistake: looks for the letters of close anywhere in the field
# module: persistence.py
# check: test_persistence.py::TestPersists::test_persists
# phrase: closed
def persists(version, fields):
    """Whether more requests may follow."""
    value = fields.get("Connection").lower()
    if "close" in value:
        return False
    return version != "HTTP/1.0" or "keep-alive" in value
