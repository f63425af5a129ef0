# mistake: Content-Length counts characters, not bytes
# module: hello.py
# check: test_hello.py::TestGreeting::test_content_length_counts_bytes
# phrase: bytes follow


def greeting(text: str) -> bytes:
    """Right as long as each character takes one byte."""
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(text)}\r\n"
        "Connection: close\r\n"
        "\r\n"
    )
    return head.encode("ascii") + text.encode()
