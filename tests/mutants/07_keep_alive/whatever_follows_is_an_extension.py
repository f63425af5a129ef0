# mistake: takes all that follows a semicolon for extensions
# module: chunked.py
# check: test_chunked.py::TestSizeLine::test_what_is_no_size
# phrase: is to be refused
def parse_size_line(line):
    """The size, and how many bytes are extensions."""
    digits, _, rest = line.partition(b";")
    if not re.fullmatch(rb"[0-9A-Fa-f]+", digits):
        raise HTTPError(400, "A chunk begins with its size.")
    return int(digits, 16), len(line) - len(digits)
