# mistake: the environ is a relative of dict that remembers
# module: environ.py
# check: test_environ.py::TestEnviron::test_plain_dict
# phrase: OrderedDict
from collections import OrderedDict


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
    return OrderedDict(environ | field_variables(request))
