"""Who is it? Bearer tokens and passwords (RFC 9110, section 11; RFC 6750; RFC 7617)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import NoReturn

from errors import HTTPError
from fields import Fields
from middleware import Handler
from request import Request
from response import Response

REALM = "MyHTTPServer"

B64TOKEN = re.compile("[A-Za-z0-9._~+/-]+=*")
"""What a Bearer token is made of (RFC 6750, section 2.1)."""

INSIDE_OF = {
    "CORS": "a browser sends no credentials with a preflight, so each would be refused",
    "ErrorPages": "what it refuses would not become a response",
}


def same_secret(given: str, known: str) -> bool:
    """Whether both are the same, in a time that tells nothing of where they differ.

    `==` stops at the first difference. Who measures how soon can guess a secret letter by
    letter. So both are hashed to the same length, and compared by `hmac.compare_digest`. A text
    may hold anything, even half a surrogate pair such as "\\ud800": a character that Python's
    texts can have and UTF-8 cannot say. The error handler "surrogatepass" writes it all the same.
    """
    ours = hashlib.sha256(known.encode("utf-8", "surrogatepass")).digest()
    theirs = hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest()
    return hmac.compare_digest(theirs, ours)


def credentials(request: Request, scheme: str) -> str | None:
    """What stands behind the scheme in the Authorization field; None where it is another scheme.

    The scheme's name matches whatever its case (RFC 9110, section 11.1).
    """
    name, _, rest = request.fields.get("Authorization").partition(" ")
    return rest.strip(" ") if name.lower() == scheme.lower() else None


def challenge(detail: str, *parts: str) -> NoReturn:
    """HTTPError 401, which says in WWW-Authenticate what is wanted (RFC 9110, 15.5.2)."""
    raise HTTPError(401, detail, Fields({"WWW-Authenticate": ", ".join(parts)}))


class BearerAuth:
    """Asks for a token."""

    inside_of = INSIDE_OF

    def __init__(self, tokens: Mapping[str, str]) -> None:
        """The tokens by the names of their owners.

        ValueError where one is empty, and where one is no B64TOKEN: not every client can send it.
        """
        if not all(tokens.values()):
            raise ValueError("an empty token would let everybody in")
        if not all(map(B64TOKEN.fullmatch, tokens.values())):
            raise ValueError("a token is made of letters, digits and -._~+/, and ends with any =")
        self.tokens = tokens

    def __call__(self, request: Request, next: Handler) -> Response:
        """The rest's response for who has a token; HTTPError 401 for anybody else.

        The owner's name goes to the context as "user". Who has sent no token learns only what is
        wanted; who has sent a wrong one is told so: error="invalid_token" (RFC 6750, section 3).
        An empty token is a wrong one and not a missing one: the scheme was sent.
        """
        token = credentials(request, "Bearer")
        if token is None:
            challenge("A token is wanted, as a Bearer.", f'Bearer realm="{REALM}"')
        owner = self.owner(token)
        if owner is None:
            detail = "This token is not known."
            challenge(detail, f'Bearer realm="{REALM}"', 'error="invalid_token"')
        request.context["user"] = owner
        return next(request)

    def owner(self, token: str) -> str | None:
        """Whose token it is. All are compared, so that the time does not tell how far we got."""
        owners = [name for name, known in self.tokens.items() if same_secret(token, known)]
        return owners[0] if owners else None


class BasicAuth:
    """Asks for a name and a password."""

    inside_of = INSIDE_OF

    def __init__(self, passwords: Mapping[str, str]) -> None:
        """The passwords by the names of their users.

        ValueError for a name with a ":" in it, at which it would end (RFC 7617, section 2).
        """
        if wrong := [name for name in passwords if ":" in name]:
            raise ValueError(f'a name cannot have a ":" in it, unlike {wrong[0]!r}')
        self.passwords = passwords

    def __call__(self, request: Request, next: Handler) -> Response:
        """The rest's response for who has a password; HTTPError 401 for anybody else.

        At a 401 a browser asks for both. They come with every request, and unencrypted: step 11.
        """
        user, colon, password = decoded(credentials(request, "Basic") or "").partition(":")
        # For a name that nobody has we compare as well: it must take as long.
        right = same_secret(password, self.passwords.get(user, ""))
        if not (right and colon and user in self.passwords):
            challenge(
                "A name and a password are wanted.", f'Basic realm="{REALM}"', 'charset="UTF-8"'
            )
        request.context["user"] = user
        return next(request)


def decoded(text: str) -> str:
    """Text from base64; "" where it is none, or no UTF-8 (RFC 7617, section 2)."""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except ValueError:
        return ""
