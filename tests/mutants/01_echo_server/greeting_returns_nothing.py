# mistake: the greeting is made, and not returned
# module: hello.py
# check: test_hello.py::TestGreeting::test_browser_gets_it
# phrase: greeting returned None: is `return` missing?


def greeting(text: str) -> bytes:
    """Forget the last line."""
    content = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
    head.encode() + content
