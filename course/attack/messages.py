"""Requests as bytes."""


def get(path: str, *lines: str) -> bytes:
    """A GET request with these field lines."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: a", *lines, "", ""]).encode("latin-1")


def post(path: str, body: bytes, *lines: str) -> bytes:
    """A POST request with these field lines, which have to frame its body."""
    head = "\r\n".join([f"POST {path} HTTP/1.1", "Host: a", *lines, "", ""])
    return head.encode("latin-1") + body
