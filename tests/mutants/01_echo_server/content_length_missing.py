# mistake: there is no Content-Length
# module: hello.py
# check: test_hello.py::TestGreeting::test_browser_gets_it
# phrase: no framing


def greeting() -> bytes:
    """A response whose end nobody can tell."""
    return (
        b"HTTP/1.1 200 OK\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Connection: close\r\n"
        b"\r\n"
        b"Hello, World!"
    )
