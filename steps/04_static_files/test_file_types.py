"""Exercise 04.1: a browser goes by the media type, and does not look into the file."""

import mimetypes
import string

import pytest

from file_types import UNKNOWN, type_of

pytestmark = pytest.mark.exercise("04.1")

WEB = {
    "index.html": "text/html",
    "old.htm": "text/html",
    "style.css": "text/css",
    "app.js": "text/javascript",
    "module.mjs": "text/javascript",
    "data.json": "application/json",
    "app.js.map": "application/json",
    "site.webmanifest": "application/manifest+json",
    "program.wasm": "application/wasm",
    "readme.txt": "text/plain",
    "readme.md": "text/markdown",
    "table.csv": "text/csv",
    "feed.xml": "text/xml",
    "logo.svg": "image/svg+xml",
    "logo.png": "image/png",
    "photo.jpg": "image/jpeg",
    "photo.jpeg": "image/jpeg",
    "photo.webp": "image/webp",
    "photo.avif": "image/avif",
    "moving.gif": "image/gif",
    "favicon.ico": "image/x-icon",
    "letters.woff": "font/woff",
    "letters.woff2": "font/woff2",
    "letters.ttf": "font/ttf",
    "letters.otf": "font/otf",
    "song.mp3": "audio/mpeg",
    "sound.wav": "audio/wav",
    "film.mp4": "video/mp4",
    "film.webm": "video/webm",
    "paper.pdf": "application/pdf",
    "all.zip": "application/zip",
}
"""Names, and the types that browsers expect for them (WHATWG MIME Sniffing; IANA's registry)."""


@pytest.fixture
def strange_machine():
    """A machine on which some program has put its own ideas into the table of media types."""
    mimetypes.add_type("application/x-wrong", ".js")
    mimetypes.add_type("application/x-wrong", ".tar")
    mimetypes.add_type("application/x-wrong", ".madeup")
    yield
    mimetypes.init()


@pytest.mark.parametrize("name", WEB)
def test_what_the_web_is_made_of(name):
    """Each kind of file that pages are made of has the media type that browsers expect."""
    assert type_of(name) == WEB[name]


def test_text_goes_out_bare():
    """Text has no charset behind its type: a wrong one would overrule what the file declares."""
    for name in ("index.html", "style.css", "app.js", "readme.txt", "feed.xml"):
        assert "charset" not in type_of(name)


def test_case_makes_no_difference(rng):
    """An ending may be written in any case: LOGO.PNG is an image, too."""
    for name, expected in WEB.items():
        mixed = "".join(rng.choice((letter.upper(), letter)) for letter in name)
        for written in (name.upper(), mixed):
            assert type_of(written) == expected, f"the name is {written}"


def test_last_ending_counts(rng):
    """Of several endings the last one counts, whatever stands before it."""
    word = "".join(rng.choices(string.ascii_lowercase, k=6))
    assert type_of(f"{word}.min.js") == "text/javascript"
    assert type_of(f"{word}.js.css") == "text/css"
    assert type_of(f"{word}.html.png") == "image/png"
    assert type_of(f"Zoë's {word} (1.2).svg") == "image/svg+xml"


def test_compressed_file_is_what_it_is():
    """site.tar.gz is gzip: the type of what is in it would make a browser read it as that."""
    assert type_of("site.tar.gz") == "application/gzip"
    assert type_of("page.html.gz") == "application/gzip"


@pytest.mark.parametrize(
    "name", ["README", "html", "js", "page.", "page.htmlx", "page.html~", "page.madeup", "a.tar-gz"]
)
def test_unknown_ending_is_bytes(name):
    """A name without an ending that we know is UNKNOWN: nobody guesses what it is."""
    assert type_of(name) == UNKNOWN


def test_python_knows_more():
    """What is not in PINNED is looked up in Python's own table."""
    assert type_of("all.tar") == "application/x-tar"
    assert type_of("run.SH") == "application/x-sh"


def test_machine_has_no_say(strange_machine):
    """The answers are the same on every machine, whatever stands in its table of media types."""
    assert type_of("app.js") == "text/javascript"
    assert type_of("all.tar") == "application/x-tar"
    assert type_of("page.madeup") == UNKNOWN
