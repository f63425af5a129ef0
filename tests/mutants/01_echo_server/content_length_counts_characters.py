# mistake: Content-Length counts characters, not bytes
# module: hello.py
# check: test_hello.py::TestGreeting::test_content_length_counts_bytes
# phrase: Content-Length: 13, but 15 bytes follow


def greeting() -> bytes:
    """A greeting with two characters that take two bytes each."""
    content = "Hellö, Wörld!"
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Connection: close\r\n"
        "\r\n"
    )
    return head.encode("ascii") + content.encode()
