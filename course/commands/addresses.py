"""Addresses as people type them: 8080, :8080, localhost:8080, [::1]:8080, http://localhost:8080/."""

from urllib.parse import urlsplit

from course.steps import CourseError

FORMS = "8080, localhost:8080, [::1]:8080 or http://localhost:8080"
HTTP_PORT = 80
HERE = "127.0.0.1"

Address = tuple[str, int]


def parse(text: str) -> Address:
    """Host and port; a number alone is a port on this machine, a URL may leave out port 80.

    CourseError for what is no address, and for https, which would need a certificate.
    """
    wanted = CourseError(f"{text!r} is no address; expected something like {FORMS}")
    if text.isdecimal():
        text = f"{HERE}:{text}"
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        port = parts.port
    except ValueError:
        raise wanted from None
    if parts.scheme == "https":
        raise CourseError(f"{text} is encrypted, and this speaks plain TCP; expected http://")
    if port is None and parts.scheme == "http":
        port = HTTP_PORT
    host = parts.hostname or ("" if parts.scheme else HERE)
    if not host or port is None or parts.scheme not in ("", "http") or parts.username:
        raise wanted
    return host, port


def shown(address: Address) -> str:
    """The address as text: 127.0.0.1:8080, [::1]:8080."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
