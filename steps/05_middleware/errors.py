"""An error that is an answer: it carries the status that the client will get."""

import html

from fields import Fields
from media_types import preferred
from response import REASONS, Response


class HTTPError(Exception):
    """Something that the client is to be told: a status, a sentence, perhaps field lines.

    The sentence says what was wrong and what was expected, and nothing about our insides. Without
    one, the name of the status has to do.
    """

    def __init__(self, status: int, detail: str = "", fields: Fields | None = None) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail or REASONS.get(status, "Error")
        self.fields = fields or Fields()


def error_response(error: HTTPError, accept: str = "") -> Response:
    """The error as a response, in the form that the Accept field prefers; plain text at first."""
    title = f"{error.status} {REASONS.get(error.status, 'Error')}"
    match preferred(accept, ["text/plain", "text/html", "application/json"]):
        case "text/html":
            page = f"<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n"
            response = Response.html(page + f"<p>{html.escape(error.detail)}</p>\n")
        case "application/json":
            response = Response.json({"status": error.status, "error": error.detail})
        case _:
            response = Response.text(f"{title}\n{error.detail}\n")
    response.status = error.status
    response.fields["Vary"] = "Accept"
    for name, value in error.fields:
        response.fields.add(name, value)
    return response
