# mistake: compares the options with their case
# module: persistence.py
# check: test_persistence.py::TestOptions::test_options
# phrase: 'Close'
def connection_options(fields):
    """What the Connection field lists."""
    return {item.strip(" \t") for item in fields.get("Connection").split(",")} - {""}
