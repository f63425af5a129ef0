"""Exercise 05.4, in constant time; and passwords: who is it, and who is it not?"""

import ast
import base64
import hmac
import inspect
import re
import textwrap
from collections.abc import Callable

import pytest

from auth import BasicAuth, BearerAuth, credentials, same_secret
from cors import CORS
from error_pages import ErrorPages
from errors import HTTPError
from fields import Fields
from middleware import Chain
from request import Request
from response import Response
from target import parse_target

PARAMETER = r'[\w-]+[ \t]*=[ \t]*(?:"[^"]*"|[\w-]+)'
CHALLENGE = re.compile(rf"(?P<scheme>[\w-]+) +(?P<parts>{PARAMETER}(?:[ \t]*,[ \t]*{PARAMETER})*)")
"""A challenge with parameters, in whatever order, quoted or not (RFC 9110, section 11.6.1)."""

ALIKE = {
    "first letter": ("swordfish", "Swordfish"),
    "last letter": ("swordfish", "swordfisH"),
    "shorter": ("swordfish", "swordfis"),
    "longer": ("swordfish", "swordfish "),
    "nothing": ("swordfish", ""),
    "case": ("SWORDFISH", "swordfish"),
    "accent": ("café", "cafe"),
    "composed and decomposed": ("caf\u00e9", "cafe\u0301"),
    "look-alike": ("o", "\u043e"),
    "latin-1 and UTF-8": ("é", "Ã©"),
    "NUL": ("a\0b", "a\0c"),
    "last of many letters": ("x" * 5000 + "a", "x" * 5000 + "b"),
    "more than many letters": ("x" * 5000, "x" * 5001),
}


def request(authorization: str | None = None, **fields: str) -> Request:
    """A request with this field Authorization, or without."""
    lines = Fields(fields)
    if authorization is not None:
        lines.add("Authorization", authorization)
    return Request("GET", parse_target("GET", "/"), "HTTP/1.1", lines)


def basic(text: str | bytes) -> str:
    """The field's value for a name, a colon and a password."""
    data = text.encode() if isinstance(text, str) else text
    return f"Basic {base64.b64encode(data).decode()}"


def whoami(request: Request) -> Response:
    """What is behind the lock: says who has come in."""
    return Response.text(request.context["user"])


def refusal(link: Callable[..., Response], given: Request) -> tuple[str, dict[str, str]]:
    """The scheme and the parameters of the challenge that a request gets, in whatever order."""
    asked: list[Request] = []
    with pytest.raises(HTTPError) as error:
        link(given, asked.append)
    assert asked == [], "what is behind the lock was asked"
    assert "user" not in given.context
    assert error.value.status == 401
    value = error.value.fields.get("WWW-Authenticate")
    challenge = CHALLENGE.fullmatch(value)
    if not challenge:
        raise AssertionError(f"WWW-Authenticate is no challenge: {value!r}")
    parts = [re.split(r"[ \t]*=[ \t]*", part) for part in re.findall(PARAMETER, challenge["parts"])]
    assert len(parts) == len({name.lower() for name, _ in parts}), f"a parameter twice: {value}"
    return challenge["scheme"], {name.lower(): text.strip('"') for name, text in parts}


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """What is given to hmac.compare_digest from now on."""
    pairs: list[tuple[bytes, bytes]] = []
    original = hmac.compare_digest

    def watching(first: bytes, second: bytes) -> bool:
        pairs.append((first, second))
        return original(first, second)

    monkeypatch.setattr(hmac, "compare_digest", watching)
    return pairs


def comparisons(function: Callable[..., object]) -> list[str]:
    """The places in a function's source where something is compared by ==, != or `in`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    wrong = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(op, wrong) for op in node.ops)
    ]


@pytest.mark.exercise("05.4")
class TestSameSecret:
    """Compared so that the time tells nothing."""

    @pytest.mark.parametrize("text", ["", "swordfish", "a\0b", "caf\u00e9", 1000 * "\N{SNOWMAN}"])
    def test_same(self, text):
        """A text is the same as itself."""
        assert same_secret(text, text) is True

    @pytest.mark.parametrize("one, other", ALIKE.values(), ids=ALIKE)
    def test_not_the_same(self, one, other):
        """Two texts that differ anywhere are not the same, whichever was given."""
        assert same_secret(one, other) is False
        assert same_secret(other, one) is False

    def test_text_that_utf_8_cannot_say(self):
        """Half a surrogate pair is a text like any other: it raises nothing."""
        assert same_secret("\ud800", "\ud800") is True
        assert same_secret("\ud800", "?") is False

    def test_compare_digest_compares_one_length(self, compared):
        """hmac.compare_digest is given bytes of one length, whatever the texts: no time tells."""
        for given in ("", "s", "swordfish", "x" * 5000):
            same_secret(given, "swordfish")
        assert len(compared) == 4, "hmac.compare_digest is to be called once for each comparison"
        lengths = {len(part) for pair in compared for part in pair}
        assert len(lengths) == 1, f"what is compared has different lengths: {sorted(lengths)}"

    @pytest.mark.parametrize(
        "function", [same_secret, BearerAuth.__call__], ids=["same_secret", "BearerAuth"]
    )
    def test_source_has_no_other_comparison(self, function):
        """No secret is compared by == or `in`, which stop where the texts begin to differ."""
        assert comparisons(function) == [], f"{function.__qualname__} compares by itself"


@pytest.mark.parametrize("function", [BearerAuth.owner, BasicAuth.__call__], ids=["owner", "basic"])
def test_source_compares_by_same_secret(function):
    """Whoever has a secret in hand asks same_secret; only a user's name is looked for by `in`."""
    assert "same_secret(" in inspect.getsource(function)
    assert [text for text in comparisons(function) if text != "user in self.passwords"] == []


class TestCredentials:
    """What stands behind the scheme."""

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
    def test_scheme_in_any_case(self, scheme):
        """The scheme's name matches whatever its case (RFC 9110, section 11.1)."""
        assert credentials(request(f"{scheme} abc=="), "Bearer") == "abc=="

    @pytest.mark.parametrize(
        "value", [None, "", "Basic abc", "abc", "Bearers abc", "Bearer:abc", "Bearer\tabc"]
    )
    def test_another_scheme(self, value):
        """Another scheme, or no field at all, is None."""
        assert credentials(request(value), "Bearer") is None

    @pytest.mark.parametrize("value, rest", [("Bearer", ""), ("Bearer   abc", "abc")])
    def test_spaces(self, value, rest):
        """One space or more stand between; where nothing follows, the credentials are empty."""
        assert credentials(request(value), "Bearer") == rest


@pytest.mark.exercise("05.4")
class TestBearerAuth:
    """Asks for a token (RFC 6750)."""

    link = BearerAuth({"ada": "token-of-ada", "bob": "token-of-bob"})

    @pytest.mark.parametrize("user", ["ada", "bob"])
    @pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
    def test_right_token(self, user, scheme):
        """Who has a token comes in, under the name of its owner."""
        assert self.link(request(f"{scheme} token-of-{user}"), whoami).content == user.encode()

    @pytest.mark.parametrize(
        "value", [None, "Basic YWRhOngK", "token-of-ada", "Token token-of-ada"]
    )
    def test_no_token(self, value):
        """Who sends no token learns what is wanted, and no more: 401, a bare challenge (3.1)."""
        assert refusal(self.link, request(value)) == ("Bearer", {"realm": "MyHTTPServer"})

    @pytest.mark.parametrize(
        "token", ["", "token-of-eve", "token-of-ad", "token-of-adaa", "TOKEN-OF-ADA", "ada", "é"]
    )
    def test_wrong_token(self, token):
        """Who sends a wrong one is told so: 401 with error="invalid_token" (section 3.1).

        An empty one, `Bearer` with nothing behind it, is a wrong one.
        """
        expected = {"realm": "MyHTTPServer", "error": "invalid_token"}
        assert refusal(self.link, request(f"Bearer {token}")) == ("Bearer", expected)

    def test_token_elsewhere_does_not_count(self):
        """A token in another field is none."""
        refusal(self.link, request(Token="token-of-ada", Cookie="Bearer token-of-ada"))

    def test_two_fields_are_no_token(self):
        """Where Authorization comes twice, neither counts."""
        twice = request("Bearer wrong")
        twice.fields.add("Authorization", "Bearer token-of-ada")
        refusal(self.link, twice)

    def test_every_token_is_compared(self, compared):
        """As many comparisons for a token that is right as for one that nobody has."""
        counts = []
        for token in ("token-of-ada", "token-of-bob", "token-of-eve"):
            compared.clear()
            try:
                self.link(request(f"Bearer {token}"), whoami)
            except HTTPError:
                assert token == "token-of-eve"
            counts.append(len(compared))
        assert counts == [2, 2, 2]

    @pytest.mark.parametrize("last", ["", "y", "xx"])
    def test_whole_token_counts(self, last):
        """However long a token is, all of it is compared, and nothing may stand behind it."""
        link = BearerAuth({"ada": "x" * 1000})
        assert link(request(f"Bearer {'x' * 1000}"), whoami).content == b"ada"
        refusal(link, request(f"Bearer {'x' * 999}{last}"))

    def test_exception_from_behind_passes(self):
        """What happens behind the lock is none of its business."""

        def failing(request: Request) -> Response:
            raise HTTPError(404, "not here")

        with pytest.raises(HTTPError, match="404"):
            self.link(request("Bearer token-of-ada"), failing)


@pytest.mark.parametrize("tokens", [{"ada": ""}, {"ada": "x", "bob": ""}])
def test_empty_token_is_refused(tokens):
    """An empty token would let everybody in who writes "Bearer": ValueError when it is set up."""
    with pytest.raises(ValueError, match="an empty token would let everybody in"):
        BearerAuth(tokens)


@pytest.mark.parametrize("token", ["naïve", " spaced", "two words", "=x", "==", 'quo"te', "x\n"])
def test_token_that_cannot_be_sent(token):
    """A token that is none (RFC 6750, section 2.1) would never match: ValueError, without it."""
    with pytest.raises(ValueError, match="a token is made of letters") as error:
        BearerAuth({"ada": "x", "bob": token})
    assert token not in str(error.value)
    BearerAuth({"ada": "a-._~+/9Z===="})


class TestBasicAuth:
    """Asks for a name and a password (RFC 7617)."""

    link = BasicAuth({"ada": "lovelace", "bob": "a:b:c", "zoë": "naïve", "eve": ""})

    @pytest.mark.parametrize("name, password", [("ada", "lovelace"), ("zoë", "naïve"), ("eve", "")])
    @pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
    def test_right_password(self, name, password, scheme):
        """Who has the password comes in; both are UTF-8."""
        value = basic(f"{name}:{password}").replace("Basic", scheme)
        assert self.link(request(value), whoami).content == name.encode()

    def test_password_may_have_colons(self):
        """The first colon ends the name: a password may have some (section 2)."""
        assert self.link(request(basic("bob:a:b:c")), whoami).content == b"bob"

    @pytest.mark.parametrize("last", ["", "y", "xx"])
    def test_whole_password_counts(self, last):
        """However long a password is, all of it is compared, and nothing may stand behind it."""
        link = BasicAuth({"ada": "x" * 1000})
        assert link(request(basic(f"ada:{'x' * 1000}")), whoami).content == b"ada"
        refusal(link, request(basic(f"ada:{'x' * 999}{last}")))

    @pytest.mark.parametrize(
        "value",
        [
            None,
            "",
            "Basic",
            "Bearer lovelace",
            "Basic ada:lovelace",
            basic("ada:wrong"),
            basic("ada:"),
            basic("ada"),
            basic("lovelace"),
            basic("Ada:lovelace"),
            basic("ada:lovelace\n"),
            basic(" ada:lovelace"),
            basic("bob:a"),
            basic(":"),
            basic(":lovelace"),
            basic("nobody:"),
            basic("nobody:lovelace"),
            basic("eve"),
            basic(b"ada:\xff"),
            basic("ada:lovelace")[:-1],
            basic("ada:lovelace").replace("YW", "Y*W"),
        ],
    )
    def test_anybody_else(self, value):
        """A wrong password, a name that nobody has, or what cannot be read: 401, all the same."""
        expected = {"realm": "MyHTTPServer", "charset": "UTF-8"}
        assert refusal(self.link, request(value)) == ("Basic", expected)

    def test_name_with_a_colon(self):
        """A name with a colon could never log in: its author is told at once."""
        with pytest.raises(ValueError, match="a name cannot have"):
            BasicAuth({"ada": "lovelace", "a:b": "c"})

    def test_name_that_nobody_has_takes_as_long(self, compared):
        """A comparison is made for a name that nobody has, too: the time does not tell."""
        for name in ("ada", "nobody"):
            compared.clear()
            refusal(self.link, request(basic(f"{name}:wrong")))
            assert len(compared) == 1


@pytest.mark.parametrize("link", [BearerAuth({"ada": "x"}), BasicAuth({"ada": "x"})])
def test_stands_inside(link):
    """A lock outside of CORS would refuse each preflight, one outside of ErrorPages fails."""
    for outer in (CORS([]), ErrorPages()):
        names = f"{type(outer).__name__} must stand before {type(link).__name__}"
        with pytest.raises(ValueError, match=names):
            Chain(link, outer)
    Chain(CORS([]), ErrorPages(), link)


def test_nobody_has_a_key():
    """A lock that nobody has a key to lets nobody in."""
    with pytest.raises(HTTPError):
        BearerAuth({})(request("Bearer "), whoami)
    with pytest.raises(HTTPError):
        BasicAuth({})(request(basic(":")), whoami)
