"""The smallest framework, in 40 lines, and an application that is written with it."""

import html
import re
from urllib.parse import parse_qsl


class Tiny:
    """What a framework is: it finds the function for a path, and makes WSGI of its answer."""

    def __init__(self):
        self.routes = []

    def route(self, path, method="GET"):
        """Decorator: the function answers this method at this path, such as /hello/<name>."""
        pattern = re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path))

        def register(function):
            self.routes.append((pattern, method, function))
            return function

        return register

    def answer(self, method, path, form):
        """Status, headers and page: by the function whose route fits."""
        allowed = []
        for pattern, wanted, function in self.routes:
            if found := pattern.fullmatch(path):
                if method == wanted:
                    return "200 OK", [], function(form, **found.groupdict())
                allowed.append(wanted)
        if allowed:
            return (
                "405 Method Not Allowed",
                [("Allow", ", ".join(allowed))],
                "Not like this.",
            )
        return "404 Not Found", [], "There is nothing here."

    def __call__(self, environ, start_response):
        """WSGI: an environ comes in; status, headers and content go out."""
        method = environ["REQUEST_METHOD"].replace("HEAD", "GET")
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        status, headers, page = self.answer(method, path, form)
        content = page.encode()
        start_response(
            status,
            [
                *headers,
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(content))),
            ],
        )
        return [content] if environ["REQUEST_METHOD"] != "HEAD" else []


app = Tiny()


@app.route("/")
def home(form):
    """A form. Its address is relative, so that it is right below a prefix, too."""
    return '<form method="post" action="hello"><input name="name"><button>Hello</button></form>'


@app.route("/hello", "POST")
def hello(form):
    """A stranger's text, escaped."""
    return f"<h1>Hello, {html.escape(form.get('name', 'nobody'))}!</h1>"


@app.route("/hello/<name>")
def greet(form, name):
    """The same, by an address."""
    return f"<h1>Hello, {html.escape(name)}!</h1>"
