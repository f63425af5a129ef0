"""Exercise 08.6: several applications of WSGI as one, each below its own prefix."""

from collections.abc import Iterable, Mapping

from demoapp import app as demo
from environ import Environ
from tinyapp import app as tiny
from wsgi import Application, StartResponse

NOT_FOUND = b"No application is mounted here.\n"


class Mount:
    """An application of WSGI that hands each request on to the one mounted at its path."""

    def __init__(self, applications: Mapping[str, Application]) -> None:
        """The keys are prefixes such as "/shop"; "" is for all that no other prefix fits.

        They are written as PATH_INFO is: decoded, one character for each byte. ValueError for one
        that does not begin with a slash, or ends with one.
        """
        for prefix in applications:
            if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
                raise ValueError(f"a prefix is like '/shop', or empty; not {prefix!r}")
        self.applications = dict(applications)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer of the application whose prefix is the longest that fits; 404 where none does.

        "/shop" fits /shop and /shop/cart, and not /shopping. What fits moves from the front of
        PATH_INFO to the end of SCRIPT_NAME, so that the application still knows the whole path,
        and can make addresses of its own (PEP 3333, "environ Variables"). Where one of the two is
        missing, it is empty. That happens in a copy, a plain dict: whoever calls us finds the
        environ as it was. `start_response` is handed on as it is, and what the application returns
        is returned as it is. The 404 has a Content-Type and NOT_FOUND, but to HEAD no content.
        """
        path = environ.get("PATH_INFO", "")
        prefix = self.prefix_of(path)
        if prefix is None:
            start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [NOT_FOUND]
        moved = {
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix,
            "PATH_INFO": path[len(prefix) :],
        }
        return self.applications[prefix]({**environ, **moved}, start_response)

    def prefix_of(self, path: str) -> str | None:
        """The longest prefix that fits this path, at the end of one of its segments; or None.

        "" fits every path, and "*" too.
        """
        fitting = [one for one in self.applications if path == one or path.startswith(f"{one}/")]
        return max(fitting, key=len, default="" if "" in self.applications else None)


app = Mount({"/tiny": tiny, "": demo})
