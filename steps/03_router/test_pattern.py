"""Exercises 03.1, 03.2, 03.3 and 03.5: a pattern reads the values in a path, and writes them."""

import itertools
import random
import re
from urllib.parse import quote, unquote

import pytest

from pattern import Kind, Pattern, Segment

PATH = re.compile(r"(/([A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-F]{2})*)+")
"""absolute-path = 1*( "/" segment ), segment = *pchar (RFC 3986, section 3.3)."""


def any_text(rng: random.Random, size: int = 12) -> str:
    """A text of letters, of signs that mean something in a path, and of other scripts."""
    return "".join(rng.choices("abzAZ019 /\\%+?#&=;:@<>\"'.~-_\tëßλж中🐍", k=size))


SEGMENTS = {
    "literal": ("about", Kind.LITERAL, "about"),
    "empty literal": ("", Kind.LITERAL, ""),
    "word": ("{name}", Kind.WORD, "name"),
    "int": ("{id:int}", Kind.INT, "id"),
    "path": ("{rest:path}", Kind.PATH, "rest"),
    "underscore in the name": ("{user_name2}", Kind.WORD, "user_name2"),
}


@pytest.mark.parametrize("text, kind, name", SEGMENTS.values(), ids=SEGMENTS)
def test_segment_of_a_pattern(text, kind, name):
    """A segment of a pattern is a literal text, or a parameter: {name}, {id:int} or {rest:path}."""
    assert Segment.parse(text) == Segment(kind, name)


NO_PATTERNS = {
    "no slash first": "about",
    "empty": "",
    "half a segment": "/user-{name}",
    "two in a segment": "/{first}{last}",
    "not closed": "/{name",
    "not opened": "/name}",
    "no name": "/{}",
    "a number for a name": "/{2}",
    "unknown converter": "/{id:float}",
    "the same name twice": "/{name}/{name}",
    "path in the middle": "/{rest:path}/edit",
}


@pytest.mark.parametrize("text", NO_PATTERNS.values(), ids=NO_PATTERNS)
def test_no_pattern(text):
    """What is no pattern is refused at once, by ValueError, and not when a request comes."""
    with pytest.raises(ValueError):
        Pattern(text)
        pytest.fail(f"{text!r} was taken for a pattern")


READ = {
    "literal": ("about", "about", "about"),
    "another literal": ("about", "abort", None),
    "literal, other case": ("about", "About", None),
    "literal, longer": ("about", "abouts", None),
    "literal, shorter": ("about", "abou", None),
    "literal and nothing": ("about", "", None),
    "empty literal and nothing": ("", "", ""),
    "empty literal and something": ("", "x", None),
    "int": ("{id:int}", "42", 42),
    "int zero": ("{id:int}", "0", 0),
    "int with zeros before it": ("{id:int}", "007", 7),
    "int of 18 digits": ("{id:int}", "999999999999999999", 999999999999999999),
    "int of 19 digits": ("{id:int}", "1000000000000000000", None),
    "int of 5000 digits": ("{id:int}", "1" * 5000, None),
    "int and nothing": ("{id:int}", "", None),
    "int and a letter": ("{id:int}", "12a", None),
    "int and a sign": ("{id:int}", "-1", None),
    "int and a plus": ("{id:int}", "+1", None),
    "int and a space": ("{id:int}", " 1", None),
    "int and a line end": ("{id:int}", "1\n", None),
    "int and an underscore": ("{id:int}", "1_000", None),
    "int and a point": ("{id:int}", "1.0", None),
    "int in Arabic digits": ("{id:int}", "٤٢", None),
    "int in superscript": ("{id:int}", "4²", None),
    "word": ("{name}", "ada", "ada"),
    "word of digits": ("{name}", "42", "42"),
    "word of zero": ("{name}", "0", "0"),
    "word of a space": ("{name}", " ", " "),
    "word with a slash": ("{name}", "a/b", "a/b"),
    "word with a percent sign": ("{name}", "%41", "%41"),
    "word and nothing": ("{name}", "", None),
    "path": ("{rest:path}", "a/b//c", "a/b//c"),
    "path and nothing": ("{rest:path}", "", ""),
}


@pytest.mark.exercise("03.1")
class TestRead:
    @pytest.mark.parametrize("segment, part, value", READ.values(), ids=READ)
    def test_value(self, segment, part, value):
        """A segment gives the value that a part of a path has there; None where it does not fit."""
        assert Segment.parse(segment).read(part) == value, f"the segment {segment}, and {part!r}"

    def test_int_is_an_int(self, rng):
        """{id:int} gives an int, {name} gives the text as it is, of the same digits too."""
        number = rng.randrange(10**17, 10**18)
        for segment, value in (("{id:int}", number), ("{name}", str(number))):
            read = Segment.parse(segment).read(str(number))
            assert (type(read), read) == (type(value), value), f"the segment {segment}"

    def test_any_text(self, rng):
        """A word and a path give back any text, unchanged."""
        for text in (any_text(rng) for _ in range(50)):
            assert Segment.parse("{name}").read(text) == text
            assert Segment.parse("{rest:path}").read(text) == text
            assert Segment.parse(text).read(text) == text


BEFORE = {
    "literal before word": ("/user/me", "/user/{name}"),
    "literal before int": ("/notes/7", "/notes/{id:int}"),
    "int before word": ("/notes/{id:int}", "/notes/{name}"),
    "word before path": ("/files/{name}", "/files/{rest:path}"),
    "literal before path": ("/files", "/{rest:path}"),
    "int before path": ("/{id:int}", "/{rest:path}"),
    "the first segment decides": ("/user/{name}", "/{kind}/ada"),
    "the first segment decides, not the number of parameters": ("/a/{x}/{y}", "/{x}/b/c"),
    "the first segment decides, not the kinds that come after": ("/a/{x}/{y}", "/{n:int}/b/c"),
    "the first segment decides, not the last": ("/{n:int}/{rest:path}", "/{x}/b"),
    "many segments before the rest": ("/{a}/{b}/{c}", "/{rest:path}"),
    "few segments, but the first is a literal": ("/a/{rest:path}", "/{x}/{y}/{z}"),
    "the second decides where the first is alike": ("/{a}/b", "/{a}/{rest:path}"),
}


@pytest.mark.exercise("03.2")
class TestRank:
    @pytest.mark.parametrize("specific, general", BEFORE.values(), ids=BEFORE)
    def test_specific_before_general(self, specific, general):
        """A pattern ranks before a more general one: the first segment that differs decides."""
        ranks = Pattern(specific).rank, Pattern(general).rank
        assert ranks[0] < ranks[1], f"{specific} belongs before {general}"

    def test_length_of_names_does_not_count(self, rng):
        """How long the names of parameters and literals are makes no difference."""
        for _ in range(20):
            long, short = "x" * rng.randrange(20, 60), "y"
            for first, second in ((long, short), (short, long)):
                self.test_specific_before_general(f"/{first}", f"/{{{second}:int}}")
                self.test_specific_before_general(f"/{{{first}:int}}", f"/{{{second}}}")
                self.test_specific_before_general(f"/{{{first}}}", f"/{{{second}:path}}")

    def test_every_order_of_registration(self):
        """Sorted by rank, patterns come into the same order, whatever the order before."""
        texts = ["/a/b", "/a/{n:int}", "/a/{x}", "/a/{rest:path}", "/{x}/b", "/{rest:path}"]
        for order in itertools.permutations(texts):
            by_rank = sorted((Pattern(text) for text in order), key=lambda pattern: pattern.rank)
            assert [pattern.text for pattern in by_rank] == texts


MATCHES = {
    "literal": ("/about", "/about", {}),
    "root": ("/", "/", {}),
    "word": ("/user/{username}", "/user/ada", {"username": "ada"}),
    "int": ("/notes/{id:int}", "/notes/12", {"id": 12}),
    "int zero": ("/notes/{id:int}", "/notes/0", {"id": 0}),
    "two parameters": ("/{year:int}/{title}", "/1989/www", {"year": 1989, "title": "www"}),
    "literal after a parameter": ("/user/{name}/notes", "/user/ada/notes", {"name": "ada"}),
    "slash at the end": ("/user/{name}/", "/user/ada/", {"name": "ada"}),
    "space": ("/user/{name}", "/user/Ada%20L", {"name": "Ada L"}),
    "plus is no space": ("/user/{name}", "/user/a+b", {"name": "a+b"}),
    "UTF-8": ("/user/{name}", "/user/Zo%C3%AB", {"name": "Zoë"}),
    "encoded slash in a word": ("/echo/{text}", "/echo/a%2Fb", {"text": "a/b"}),
    "encoded slash, lower case": ("/echo/{text}", "/echo/a%2fb", {"text": "a/b"}),
    "nothing but an encoded slash": ("/echo/{text}", "/echo/%2F", {"text": "/"}),
    "decoded once": ("/echo/{text}", "/echo/a%252Fb", {"text": "a%2Fb"}),
    "encoded letter in a literal": ("/about", "/%61bout", {}),
    "encoded letter in a pattern's UTF-8": ("/café", "/caf%C3%A9", {}),
    "encoded digit in an int": ("/notes/{id:int}", "/notes/1%32", {"id": 12}),
    "path": ("/static/{rest:path}", "/static/a/b.css", {"rest": "a/b.css"}),
    "path of one segment": ("/static/{rest:path}", "/static/a", {"rest": "a"}),
    "path, empty": ("/static/{rest:path}", "/static/", {"rest": ""}),
    "path with a slash at the end": ("/static/{rest:path}", "/static/a/", {"rest": "a/"}),
    "path with two slashes": ("/static/{rest:path}", "/static//a//b", {"rest": "/a//b"}),
    "path, encoded": ("/static/{rest:path}", "/static/a%20b/c%C3%AB", {"rest": "a b/cë"}),
    "path after a word": ("/{user}/{rest:path}", "/ada/x/y", {"user": "ada", "rest": "x/y"}),
    "path of the root": ("/{rest:path}", "/", {"rest": ""}),
    "path of everything": ("/{rest:path}", "/a/b", {"rest": "a/b"}),
}

NO_MATCHES = {
    "another literal": ("/about", "/contact"),
    "other case": ("/about", "/About"),
    "only the beginning": ("/about", "/about/me"),
    "only the end": ("/about", "/me/about"),
    "a prefix of the literal": ("/about", "/abouts"),
    "slash at the end": ("/about", "/about/"),
    "slash missing at the end": ("/user/{name}/", "/user/ada"),
    "empty word": ("/user/{name}", "/user/"),
    "no word": ("/user/{name}", "/user"),
    "empty word in the middle": ("/{a}/{b}/c", "/x//c"),
    "too many segments": ("/user/{name}", "/user/ada/lovelace"),
    "no int": ("/notes/{id:int}", "/notes/12a"),
    "second parameter does not fit": ("/{title}/{year:int}", "/www/old"),
    "literal after a parameter": ("/user/{name}/notes", "/user/ada/files"),
    "encoded slash between two segments": ("/user/{name}", "/user%2Fada"),
    "encoded slash in a literal path": ("/a/b", "/a%2Fb"),
    "path without its slash": ("/static/{rest:path}", "/static"),
    "path after another literal": ("/static/{rest:path}", "/files/a"),
    "path after an empty word": ("/{user}/{rest:path}", "//x"),
    "root": ("/", "/x"),
    "two slashes at the root": ("/", "//"),
}


@pytest.mark.exercise("03.3")
class TestMatch:
    @pytest.mark.parametrize("pattern, path, values", MATCHES.values(), ids=MATCHES)
    def test_values(self, pattern, path, values):
        """A path of the pattern's form gives the values of its parameters, decoded, by name."""
        assert Pattern(pattern).match(path) == values, f"the pattern {pattern}, and {path}"

    @pytest.mark.parametrize("pattern, path", NO_MATCHES.values(), ids=NO_MATCHES)
    def test_no_match(self, pattern, path):
        """A path of another form gives None."""
        assert Pattern(pattern).match(path) is None, f"the pattern {pattern}, and {path}"

    def test_any_word(self, rng):
        """Whatever is percent-encoded stays inside its segment (RFC 3986, section 2.2)."""
        pattern = Pattern("/{first}/to/{second}")
        for _ in range(50):
            first, second = any_text(rng), any_text(rng)
            path = f"/{quote(first, safe='')}/to/{quote(second, safe='')}"
            assert pattern.match(path) == {"first": first, "second": second}

    def test_any_path(self, rng):
        """A path at the end takes all the segments that are left, with their slashes."""
        names = ["".join(rng.choices("abë .", k=rng.randrange(4))) for _ in range(9)]
        for count in range(1, 10):
            rest = "/".join(names[:count])
            values = Pattern("/{user}/{rest:path}").match(f"/ada/{quote(rest)}")
            assert values == {"user": "ada", "rest": rest}

    def test_matching_again(self):
        """A pattern serves many requests: one match leaves nothing behind for the next."""
        pattern = Pattern("/static/{rest:path}")
        for path in ("/static/a/b/c", "/other", "/static/", "/static/a/b/c"):
            expected = {"rest": path.removeprefix("/static/")} if path != "/other" else None
            assert pattern.match(path) == expected


FILLED = {
    "literal": ("/about", {}, "/about"),
    "root": ("/", {}, "/"),
    "word": ("/user/{name}", {"name": "ada"}, "/user/ada"),
    "int": ("/notes/{id:int}", {"id": 12}, "/notes/12"),
    "int zero": ("/notes/{id:int}", {"id": 0}, "/notes/0"),
    "two parameters": ("/{a:int}/x/{b}", {"b": "y", "a": 1}, "/1/x/y"),
    "space": ("/user/{name}", {"name": "Ada L"}, "/user/Ada%20L"),
    "UTF-8": ("/user/{name}", {"name": "Zoë"}, "/user/Zo%C3%AB"),
    "UTF-8 in a literal": ("/café/{name}", {"name": "x"}, "/caf%C3%A9/x"),
    "slash in a word": ("/user/{name}", {"name": "a/b"}, "/user/a%2Fb"),
    "slash at the end of a word": ("/user/{name}", {"name": "a/"}, "/user/a%2F"),
    "question mark": ("/user/{name}", {"name": "who?"}, "/user/who%3F"),
    "number sign": ("/user/{name}", {"name": "C#"}, "/user/C%23"),
    "percent sign": ("/user/{name}", {"name": "100%"}, "/user/100%25"),
    "what looks encoded": ("/user/{name}", {"name": "%2F"}, "/user/%252F"),
    "backslash": ("/user/{name}", {"name": "\\x"}, "/user/%5Cx"),
    "word None": ("/user/{name}", {"name": "None"}, "/user/None"),
    "path": ("/static/{rest:path}", {"rest": "a/b c"}, "/static/a/b%20c"),
    "path, empty": ("/static/{rest:path}", {"rest": ""}, "/static/"),
    "path with a slash at the end": ("/static/{rest:path}", {"rest": "a/"}, "/static/a/"),
    "path of the root": ("/{rest:path}", {"rest": "a"}, "/a"),
    "points that are no steps": ("/{rest:path}", {"rest": ".../a..b/.c"}, "/.../a..b/.c"),
}

CANNOT_BE_FILLED = {
    "a name missing": ("/user/{name}", {}),
    "a name missing of two": ("/{a}/{b}", {"a": "x"}),
    "a name too many": ("/user/{name}", {"name": "ada", "age": 36}),
    "a name where there is none": ("/about", {"name": "ada"}),
    "another name": ("/user/{name}", {"user": "ada"}),
    "no int": ("/notes/{id:int}", {"id": "ada"}),
    "negative int": ("/notes/{id:int}", {"id": -1}),
    "int of 19 digits": ("/notes/{id:int}", {"id": 10**18}),
    "float for an int": ("/notes/{id:int}", {"id": 1.5}),
    "None for a word": ("/user/{name}", {"name": None}),
    "empty word": ("/user/{name}", {"name": ""}),
    "a step nowhere": ("/user/{name}", {"name": "."}),
    "a step up": ("/user/{name}", {"name": ".."}),
    "a step up in a path": ("/static/{rest:path}", {"rest": "a/../../b"}),
    "a step up at the end of a path": ("/static/{rest:path}", {"rest": "a/.."}),
    "a step nowhere in a path": ("/static/{rest:path}", {"rest": "./a"}),
    "two slashes at the start": ("/{rest:path}", {"rest": "/evil.example/"}),
    "half a surrogate pair": ("/user/{name}", {"name": "\ud800"}),
}


@pytest.mark.exercise("03.5")
class TestFill:
    @pytest.mark.parametrize("pattern, values, path", FILLED.values(), ids=FILLED)
    def test_path(self, pattern, values, path):
        """With a value for each parameter a pattern gives a path, percent-encoded (RFC 3986)."""
        assert Pattern(pattern).fill(values) == path, f"the pattern {pattern}, with {values}"

    @pytest.mark.parametrize("pattern, values", CANNOT_BE_FILLED.values(), ids=CANNOT_BE_FILLED)
    def test_no_path(self, pattern, values):
        """ValueError where no path would bring these values back, or a browser would alter it."""
        with pytest.raises(ValueError):
            path = Pattern(pattern).fill(values)
            pytest.fail(f"the pattern {pattern}, with {values}, gave {path}")

    def test_values_come_back(self, rng):
        """Any text makes a valid path, and comes back whole when the path is cut and decoded."""
        for _ in range(100):
            word, number = any_text(rng), rng.randrange(10**18)
            rest = any_text(rng).replace(".", "")
            values = {"word": word, "number": number, "rest": rest}
            path = Pattern("/{word}/{number:int}/{rest:path}").fill(values)
            assert PATH.fullmatch(path), f"this is no path: {path}"
            parts = path.split("/", 3)[1:]
            assert [unquote(part) for part in parts] == [word, str(number), rest]

    def test_values_stay(self):
        """The values that were handed in are not changed."""
        values = {"id": 12}
        Pattern("/notes/{id:int}").fill(values)
        assert values == {"id": 12}
