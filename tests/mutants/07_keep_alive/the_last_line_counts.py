# mistake: reads one line of the Connection field only
# module: persistence.py
# check: test_persistence.py::TestOptions::test_options
# phrase: ['X-Hop', 'close']
def connection_options(fields):
    """What the Connection field lists."""
    lines = fields.get_all("Connection") or [""]
    return {item.strip(" \t").lower() for item in lines[0].split(",")} - {""}
