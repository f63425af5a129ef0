"""The environ of WSGI, and of CGI before it: a request as a dict (PEP 3333; RFC 3875, 4.1)."""

import io
import re
import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from errors import HTTPError
from fields import Fields
from file_wrapper import FileWrapper
from framing import MAX_BODY_BYTES, body_length
from request import Request
from target import Target, checked_path, parse_target, unescape

Environ = dict[str, Any]
"""A plain dict, as PEP 3333 asks: applications may do to it whatever they like."""

DANGEROUS = {"PROXY"}
"""HTTP_PROXY tells many libraries which proxy to use for requests of their own ("httpoxy"): a
client must not have the say in that."""

HOP_BY_HOP = (
    *("Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade"),
    *("Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection"),
)
"""Fields about one connection are for the server to send (PEP 3333, "Other HTTP Features")."""

OWN_VARIABLES = {"CONTENT_TYPE", "CONTENT_LENGTH", "TRANSFER_ENCODING"}
"""These have variables without HTTP_, or none: who reads wsgi.input gets no chunks."""


PATH_CHARACTERS = "/:@!$&'()*+,;=~"
"""With letters, digits and "-._", what may stand in a path as it is (RFC 3986, section 3.3)."""


@dataclass(frozen=True)
class Host:
    """What an application is told about the server that it runs on."""

    name: str = "127.0.0.1"
    port: int = 80
    multithread: bool = True
    multiprocess: bool = False
    file_wrapper: Any = FileWrapper
    errors: Any = field(default_factory=lambda: sys.stderr)


def to_environ(request: Request, host: Host) -> Environ:
    """The request as an environ. Every text in it is bytes in disguise: one character, one byte.

    PATH_INFO is percent-decoded, to bytes, and those stand there as latin-1: so nobody has to know
    their encoding, and who knows it gets them back by `.encode("latin-1")` (PEP 3333, "Unicode
    Issues"). The body is read already: wsgi.input ends where it ends.
    """
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unescape(request.path).decode("latin-1"),
        "QUERY_STRING": request.target.query,
        "REQUEST_URI": raw_target(request.target),
        "SERVER_NAME": host.name,
        "SERVER_PORT": str(host.port),
        "SERVER_PROTOCOL": request.version,
        "REMOTE_ADDR": request.context.get("client", ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.context.get("scheme", "http"),
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": host.errors,
        "wsgi.multithread": host.multithread,
        "wsgi.multiprocess": host.multiprocess,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": host.file_wrapper,
    }
    if "Content-Type" in request.fields:
        environ["CONTENT_TYPE"] = request.fields["Content-Type"]
    if request.body or "Content-Length" in request.fields:
        environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ | field_variables(request)


def field_variables(request: Request) -> Environ:
    """HTTP_ACCEPT and all the others: the field lines of the request, by their variables.

    Lines of one name are joined with a comma, in their order; of Cookie with a semicolon and a
    space (RFC 6265, section 5.4, asks for one line). Those of OWN_VARIABLES and DANGEROUS are left
    out. So is each name with an underscore: X_User and X-User would be the same variable, and a
    client could forge what a proxy says. HTTP_HOST is `request.host`, which is what the target
    says where that names one (RFC 9112, section 3.2.2); without a host it is not there.
    """
    variables: Environ = {}
    for name, value in request.fields:
        variable = name.upper().replace("-", "_")
        if "_" not in name and variable not in OWN_VARIABLES | DANGEROUS:
            key, separator = f"HTTP_{variable}", "; " if variable == "COOKIE" else ","
            variables[key] = f"{variables[key]}{separator}{value}" if key in variables else value
    if request.host:
        variables["HTTP_HOST"] = request.host
    return variables


def raw_target(target: Target) -> str:
    """The target in origin-form, as it came: still percent-encoded."""
    return f"{target.path}?{target.query}" if target.query else target.path


def to_request(environ: Environ) -> Request:
    """The request that an environ describes, for a framework that runs on somebody else's server.

    HTTPError 400 where its path or its length is malformed, 413 where the body is too long.
    """
    fields = Fields()
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            fields.add(key.removeprefix("HTTP_").replace("_", "-").title(), value)
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            fields.add(key.replace("_", "-").title(), environ[key])
    context = {"client": environ.get("REMOTE_ADDR") or "-", "scheme": environ["wsgi.url_scheme"]}
    return Request(
        method=environ["REQUEST_METHOD"],
        target=target_of(environ),
        version=environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        fields=fields,
        body=body_of(environ),
        context=context,
    )


def target_of(environ: Environ) -> Target:
    """The target: as it came, where the server tells that; else encoded once more.

    Servers tell it as REQUEST_URI or RAW_URI. PATH_INFO has lost the difference between "/" and
    %2F. But what PATH_INFO says counts where the two differ: somebody has changed it on purpose,
    such as a middleware that has moved the front of it to SCRIPT_NAME.
    """
    path = environ.get("PATH_INFO", "")
    encoded = quote(path.encode("latin-1"), safe=PATH_CHARACTERS)
    target = Target(checked_path(encoded or "/"), environ.get("QUERY_STRING", ""))
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if not raw:
        return target
    told = parse_target(environ["REQUEST_METHOD"], raw)
    same = unescape(told.path) == unescape(target.path)
    return Target(told.path, target.query) if same or told.path == "*" else target


def body_of(environ: Environ) -> bytes:
    """What is in wsgi.input: as many bytes as CONTENT_LENGTH says, or all, where it has an end."""
    if environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise HTTPError(413, f"The body is longer than {MAX_BODY_BYTES} bytes.")
        return body
    digits = environ.get("CONTENT_LENGTH") or "0"
    if not re.fullmatch("[0-9]+", digits):
        raise HTTPError(400, "CONTENT_LENGTH is a number in decimal digits.")
    length = body_length("GET", "HTTP/1.1", Fields({"Content-Length": digits}))
    body = environ["wsgi.input"].read(length)
    if len(body) < length:
        raise HTTPError(400, "The body ended before its length.")
    return body
