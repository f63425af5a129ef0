# mistake: there is no Content-Length
# module: hello.py
# check: test_hello.py::TestGreeting::test_browser_gets_it
# phrase: no framing


def greeting(text: str) -> bytes:
    """A response whose end nobody can tell."""
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    ) + text.encode()
