"""The demo of step 02: a page that tells what the server understood of the request."""

import html
import json

from bodies import media_type, parse_files, parse_form, parse_json
from errors import HTTPError
from media_types import preferred
from request import Request
from response import Response
from target import percent_decode

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What the server understood</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 45rem; margin: auto; padding: 1rem }}
pre {{ background: #8882; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere }}
</style>
<h1>What the server understood</h1>
<pre>{understood}</pre>
<h2>Send it something else</h2>
<p><a href="/caf%C3%A9?drink=tea&amp;drink=coffee&amp;milk=">A path and a query</a></p>
<form method="post" action="/form">
<p><label>A form: <input name="word" value="fish &amp; chips"></label> <button>Send</button></p>
</form>
<form method="post" action="/files" enctype="multipart/form-data">
<p><label>A file: <input name="file" type="file"></label> <button>Send</button></p>
</form>
</html>
"""


def report(request: Request) -> Response:
    """Tell what was understood: as a page to a browser, as JSON to a program.

    HTTPError 501 for CONNECT: a 200 would promise a tunnel to elsewhere (RFC 9110, 9.3.6).
    """
    if request.method == "CONNECT":
        raise HTTPError(501, "This server opens no tunnels.")
    understood = understand(request)
    if preferred(request.fields.get("Accept"), ["application/json", "text/html"]) == "text/html":
        response = Response.html(PAGE.format(understood=html.escape(as_text(understood))))
    else:
        response = Response.json(understood)
    response.fields["Vary"] = "Accept"
    return response


def as_text(understood: dict[str, object]) -> str:
    """A line for each part, and one for each field. The body is not spread over lines: what is
    nested deeply would become many times as long.
    """
    parts = {name: json.dumps(value, ensure_ascii=False) for name, value in understood.items()}
    parts["fields"] = parts["fields"].replace("], [", "],\n         [")
    return "\n".join(f"{name + ':':9}{text}" for name, text in parts.items())


def understand(request: Request) -> dict[str, object]:
    """All parts of a request, as values that JSON has words for.

    Of a HEAD those of the GET that it stands for: the head of both answers is to be the same, and
    so is the length in it (RFC 9110, section 8.6).
    """
    return {
        "method": "GET" if request.method == "HEAD" else request.method,
        "host": request.host,
        "path": percent_decode(request.path),
        "query": request.query,
        "version": request.version,
        "fields": list(request.fields),
        "body": understand_body(request),
    }


def understand_body(request: Request) -> object:
    """The body as its media type says; its size where the type says nothing to us."""
    if "Content-Length" not in request.fields:
        return None
    match media_type(request):
        case "application/json":
            return parse_json(request)
        case "application/x-www-form-urlencoded":
            return parse_form(request)
        case "multipart/form-data":
            return [
                {
                    "name": part.name,
                    "filename": part.filename,
                    "media_type": part.media_type,
                    "bytes": len(part.content),
                }
                for part in parse_files(request)
            ]
        case _:
            return f"{len(request.body)} bytes"
