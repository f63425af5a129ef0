"""The routes of the demo application, MyHTTPServer: pages, two echoes, and an API for notes."""

import html
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from auth import BasicAuth, BearerAuth
from errors import HTTPError
from fields import Fields
from generated import GeneratedResponse
from middleware import through
from notes import Notes
from request import Request
from response import Response
from router import Router

router = Router()

SLOW_SECONDS = 1.0
"""How long /slow takes, as if it asked another server, or a database."""

MAX_COUNT = 100
COUNT_SECONDS = 0.1
"""How far /count goes, and how long it takes for each number."""

USERS = {"ada": "lovelace"}
TOKENS = {"ada": "the-token-of-the-demo"}
"""What opens /private and /api/me. They are here to be read and tried, and guard nothing else."""

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ max-width: 40rem; margin: auto; padding: 1rem; overflow-wrap: anywhere }}
body, input, button {{ font: 1.1rem/1.6 system-ui, sans-serif }}
h1 {{ line-height: 1.2 }}
</style>
<nav><a href="{home}">MyHTTPServer</a></nav>
<h1>{title}</h1>
{content}
</html>
"""


def page(title: str, content: str) -> Response:
    """A page with this title, which is escaped here, and this content, which is HTML already."""
    start = router.url_for("home")
    return Response.html(PAGE.format(home=start, title=html.escape(title), content=content))


@router.get("/")
def home(request: Request) -> Response:
    """Links to all the rest."""
    addresses = [
        "/static/",
        router.url_for("about"),
        router.url_for("user", username="Zoë & co"),
        router.url_for("data"),
        router.url_for("echo_text", text="one/two"),
        router.url_for("user_agent"),
        router.url_for("list_notes"),
        router.url_for("private"),
        router.url_for("slow"),
        router.url_for("count", last=10),
    ]
    items = [f'<li><a href="{html.escape(a)}">{html.escape(a)}</a></li>' for a in addresses]
    form = f"""<form method="post" action="{router.url_for("echo")}" enctype="text/plain">
<label>Say something: <input name="word" value="hello"></label> <button>Echo</button>
</form>"""
    return page("Welcome to MyHTTPServer", "\n".join(["<ul>", *items, "</ul>", form]))


@router.get("/about")
def about(request: Request) -> Response:
    """What this is."""
    return page(
        "About", "<p>MyHTTPServer is a web server written by hand, in Python, from a socket up.</p>"
    )


@router.get("/user/{username}")
def user(request: Request, username: str) -> Response:
    """A page with a name from the address: a stranger's text, so it is escaped."""
    return page(f"User {username}", f"<p>Hello, {html.escape(username)}!</p>")


@router.get("/api/data")
def data(request: Request) -> Response:
    """Some JSON: a message and the time, in UTC as RFC 3339 writes it."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Response.json({"message": "Hello from MyHTTPServer", "timestamp": now})


@router.get("/echo/{text}")
def echo_text(request: Request, text: str) -> Response:
    """The text from the address."""
    return Response.text(text)


@router.post("/echo")
def echo(request: Request) -> Response:
    """The body, with the media type that it came with."""
    media_type = request.fields.get("Content-Type") or "application/octet-stream"
    return Response(200, request.body, Fields({"Content-Type": media_type}))


@router.get("/user-agent")
def user_agent(request: Request) -> Response:
    """What the client calls itself."""
    return Response.text(request.fields.get("User-Agent"))


@router.get("/private")
@through(BasicAuth(USERS))
def private(request: Request) -> Response:
    """A page for those who have a name and a password."""
    user = html.escape(request.context["user"])
    return page("Private", f"<p>Hello, {user}! Nobody sees this without a password.</p>")


@router.get("/api/me")
@through(BearerAuth(TOKENS))
def me(request: Request) -> Response:
    """Whose token it is, and the id of the request."""
    names = ("user", "request_id", "client")
    return Response.json({name: request.context.get(name) for name in names})


@router.get("/slow")
def slow(request: Request) -> Response:
    """An answer that takes its time, and no processor."""
    time.sleep(SLOW_SECONDS)
    return Response.text(f"That took {SLOW_SECONDS:g} s.\n")


@router.get("/count/{last:int}")
def count(request: Request, last: int) -> Response:
    """The numbers up to `last`, each when it is there: an answer whose length nobody knows yet.

    HTTPError 404 for more than MAX_COUNT.
    """
    if last > MAX_COUNT:
        raise HTTPError(404, f"This server counts to {MAX_COUNT}, and no further.")
    lines = counted(last)
    return GeneratedResponse(200, b"", Fields({"Content-Type": "text/plain"}), lines)


def counted(last: int) -> Iterator[bytes]:
    """A line for each number, after a moment."""
    for number in range(1, last + 1):
        time.sleep(COUNT_SECONDS)
        yield f"{number}\n".encode()


@router.get("/crash")
def crash(request: Request) -> Response:
    """An endpoint with a mistake in it, to see what becomes of that."""
    return Response.text(request.context["what nobody has put there"])


notes = Notes(router)
