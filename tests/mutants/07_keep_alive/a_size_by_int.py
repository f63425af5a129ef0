# mistake: lets int decide what a size is
# module: chunked.py
# check: test_chunked.py::TestSizeLine::test_what_is_no_size
# phrase: is to be refused
def parse_size_line(line):
    """The size, and how many bytes are extensions."""
    digits, _, extensions = line.partition(b";")
    try:
        return int(digits, 16), len(line) - len(digits)
    except ValueError:
        raise HTTPError(400, "A chunk begins with its size.")
