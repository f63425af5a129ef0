"""A small application of Pyramid: `python server.py pyramidapp:app`. It knows no server of ours."""

import hashlib
import html
import time
from pathlib import Path

from pyramid.config import Configurator
from pyramid.response import Response

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pyramid</title>
<link rel="stylesheet" href="/static/style.css">
<h1>Hello from Pyramid</h1>
<form method="post" enctype="multipart/form-data">
<label>Your name: <input name="name" required></label>
<label>A file: <input type="file" name="file"></label>
<button>Send</button>
</form>
{greeting}
</html>
"""


def home(request):
    """The form, and what came of it. We escape what strangers write, as there is no template."""
    greeting = ""
    if name := request.POST.get("name"):
        greeting = f'<p id="greeting">Hello, {html.escape(name)}!</p>\n{described(request)}'
    return Response(PAGE.format(greeting=greeting))


def described(request):
    """Name, size and digest of the file that was sent, if one was."""
    file = request.POST.get("file")
    if not hasattr(file, "filename"):
        return ""
    content = file.file.read()
    digest = hashlib.sha256(content).hexdigest()
    name = html.escape(file.filename)
    return f'<p id="file">{name}: {len(content)} bytes, SHA-256 {digest}</p>'


def visits(request):
    """How often this browser was here: it brings the number along, in a cookie."""
    number = int(request.cookies.get("visits", 0)) + 1
    response = Response(f"Visit {number}\n", content_type="text/plain")
    response.set_cookie("visits", str(number), httponly=True, samesite="Lax")
    return response


def stream(request):
    """Three lines, each sent when it is there."""

    def lines():
        for number in range(1, 4):
            time.sleep(0.1)
            yield f"{number}\n".encode()

    return Response(app_iter=lines(), content_type="text/plain")


def crash(request):
    """A view with a mistake in it."""
    raise RuntimeError("a mistake of the application")


def make_app():
    """The application: which view is where."""
    with Configurator() as config:
        for view, path in (
            (home, "/"),
            (visits, "/visits"),
            (stream, "/stream"),
            (crash, "/crash"),
        ):
            config.add_route(view.__name__, path)
            config.add_view(view, route_name=view.__name__)
        config.add_static_view("static", str(Path(__file__).parent / "public"))
        return config.make_wsgi_app()


app = make_app()
