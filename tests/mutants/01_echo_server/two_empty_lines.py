# mistake: two empty lines end the head
# module: hello.py
# check: test_hello.py::TestGreeting::test_content_length_counts_bytes
# phrase: Content-Length: 13, but 15 bytes follow


def greeting(text: str) -> bytes:
    """The second empty line is part of the content already, and Content-Length forgets it."""
    content = text.encode()
    return (
        b"HTTP/1.1 200 OK\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: %d\r\n"
        b"Connection: close\r\n"
        b"\r\n\r\n"
    ) % len(content) + content
