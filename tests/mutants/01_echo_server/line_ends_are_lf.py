# mistake: lines end with LF alone
# module: hello.py
# check: test_hello.py::TestGreeting::test_lines_end_with_cr_lf
# phrase: a line ends with LF alone


def greeting(text: str) -> bytes:
    """Lines as print() and triple quotes write them."""
    return f"""HTTP/1.1 200 OK
Content-Type: text/plain; charset=utf-8
Content-Length: {len(text.encode())}
Connection: close

{text}""".encode()
