"""Exercise 04.5: from a stranger's path to a file, and never to one that is not for strangers."""

from pathlib import Path

import pytest

from safe_paths import is_safe_name, locate

SAFE = {
    "plain": "readme.txt",
    "no ending": "README",
    "two dots inside": "a..b",
    "spaces inside": "my  file.txt",
    "begins like a device": "console.log",
    "ends like a device": "falcon",
    "a device as ending": "notes.con",
    "port ten": "com10.txt",
    "no port": "com",
    "tilde": "backup~",
    "percent": "%2e%2e",
    "marks": "a&b#c?<x>.txt",
    "accents": "Ελληνικά é.txt",
    "emoji": "\N{PARTY POPPER}.png",
    "long": "x" * 255,
}

UNSAFE = {
    "nothing": "",
    "here": ".",
    "up": "..",
    "three dots": "...",
    "up and a space": ".. ",
    "dotfile": ".env",
    "dot folder": ".git",
    "trailing dot": "page.html.",
    "trailing space": "page.html ",
    "slash": "a/b",
    "leading slash": "/etc",
    "up by slash": "../secret.txt",
    "backslash": "a\\b",
    "up by backslash": "..\\secret.txt",
    "NUL": "a.txt\0.png",
    "line feed": "a\nb",
    "tab": "a\tb",
    "DEL": "a\x7f",
    "drive": "C:",
    "file on a drive": "C:secret.txt",
    "stream": "a.txt:hidden",
    "data stream": "a.txt::$DATA",
    "device CON": "CON",
    "device nul": "nul",
    "device with ending": "Aux.txt",
    "device with endings": "prn.tar.gz",
    "device and space": "con .txt",
    "serial port": "COM1",
    "serial port, superscript": "com².log",
    "printer": "lpt9.txt",
    "console in": "CONIN$",
    "console out": "conout$.txt",
    "short name": "ENV~1",
    "short name with ending": "SECRET~2.TXT",
}

REFUSED = {
    "up": "..",
    "up and down": "../site/page.html",
    "up from a folder": "folder/../page.html",
    "up in the middle": "folder/../../secret.txt",
    "up at the end": "folder/..",
    "here": "./page.html",
    "absolute": "/etc/passwd",
    "empty name": "folder//inner.html",
    "two slashes at the end": "folder//",
    "only a slash": "/",
    "backslashes": "..\\secret.txt",
    "NUL": "page.html\0",
    "drive": "C:/secret.txt",
    "dotfile": ".env",
    "dotfile in a folder": "folder/.hidden",
    "file in a dot folder": ".git/config",
    "sibling": "../site-secret/secret.txt",
    "trailing dot": "page.html.",
    "trailing space": "page.html ",
    "data stream": "page.html::$DATA",
    "device": "nul",
    "not there": "nowhere.html",
    "below a file": "page.html/inner.html",
    "very long name": "x" * 300,
    "very long path": "/".join(["folder"] * 5000),
    "thousands of names": "/".join(["a"] * 4000),
    "thousands of ups": "../" * 3000 + "etc/passwd",
    "encoded once more": "%2e%2e/secret.txt",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site; beside it lies what nobody may see."""
    base = tmp_path_factory.mktemp("base").resolve()
    site = base / "site"
    for file in ("page.html", "folder/inner.html", "folder/.hidden", ".env", ".git/config"):
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("inside")
    (base / "secret.txt").write_text("secret")
    (base / "site-secret").mkdir()
    (base / "site-secret" / "secret.txt").write_text("secret")
    return site


def link(path: Path, target: Path | str, *, folder: bool = False) -> None:
    """Make a symbolic link; skip the check where the system does not let us."""
    try:
        path.symlink_to(target, target_is_directory=folder)
    except (OSError, NotImplementedError) as error:
        pytest.skip(f"this system does not let us make symbolic links: {error}")


@pytest.mark.exercise("04.5")
class TestIsSafeName:
    @pytest.mark.parametrize("kind", SAFE)
    def test_safe(self, kind):
        """A name that can only mean an entry of its folder is safe, on every system."""
        assert is_safe_name(SAFE[kind])

    @pytest.mark.parametrize("kind", UNSAFE)
    def test_unsafe(self, kind):
        """A name that is hidden, or means something else on any system, is not safe on any."""
        assert not is_safe_name(UNSAFE[kind])

    def test_case_makes_no_difference(self, rng):
        """A device is a device in whatever case it is written."""
        for name in ("con", "prn", "aux", "nul", "com7", "lpt3", "conin$"):
            mixed = "".join(rng.choice((letter.upper(), letter)) for letter in name)
            assert not is_safe_name(mixed), f"the name is {mixed}"
            assert not is_safe_name(f"{mixed}.{rng.randrange(1000)}"), f"the name is {mixed}.…"


@pytest.mark.exercise("04.5")
class TestLocate:
    @pytest.mark.parametrize("path", ["page.html", "folder", "folder/inner.html"])
    def test_finds(self, root, path):
        """A path of safe names leads to the file or folder of these names."""
        assert locate(root, path) == root / path

    def test_root_and_slash(self, root):
        """The empty path is the root itself, and a path may end with a slash."""
        assert locate(root, "") == root
        assert locate(root, "folder/") == root / "folder"

    def test_odd_names(self, root, rng):
        """Names are taken as they are, and decoded no second time."""
        for name in (f"%41{rng.randrange(10**6)}.txt", "a..b", "Zoë & co.txt", "%2e%2e"):
            (root / name).touch()
            assert locate(root, name) == root / name

    @pytest.mark.parametrize("kind", REFUSED)
    def test_nothing_there(self, root, kind):
        """Whatever does not lead to a visible entry of the root gives None, and raises nothing."""
        assert locate(root, REFUSED[kind]) is None

    def test_link_that_leaves(self, root):
        """A symbolic link that leads out of the root leads nowhere."""
        link(root / "out.txt", root.parent / "secret.txt")
        link(root / "out", root.parent, folder=True)
        link(root / "relative.txt", Path("..") / "secret.txt")
        for path in ("out.txt", "out", "out/", "out/secret.txt", "relative.txt"):
            assert locate(root, path) is None, path

    def test_link_into_a_sibling(self, root):
        """A folder whose path begins like the root's is not in the root: compare whole names."""
        link(root / "sibling", root.parent / "site-secret", folder=True)
        link(root / "sibling.txt", root.parent / "site-secret" / "secret.txt")
        assert locate(root, "sibling") is None
        assert locate(root, "sibling/secret.txt") is None
        assert locate(root, "sibling.txt") is None

    def test_link_out_and_back(self, root):
        """Only where a link leads in the end counts, not the way that it takes."""
        link(root / "round.html", Path("..") / root.name / "page.html")
        assert locate(root, "round.html") == root / "page.html"

    def test_link_that_stays(self, root):
        """A symbolic link within the root is followed."""
        link(root / "alias.html", "page.html")
        link(root / "again", "folder", folder=True)
        assert locate(root, "alias.html") == root / "page.html"
        assert locate(root, "again/inner.html") == root / "folder" / "inner.html"

    def test_link_to_what_is_hidden(self, root):
        """A symbolic link does not make visible what is hidden by its name."""
        link(root / "settings.txt", ".env")
        link(root / "history", ".git", folder=True)
        for path in ("settings.txt", "history", "history/config"):
            assert locate(root, path) is None, path

    def test_link_to_nowhere(self, root):
        """A link to nothing, and a link to itself, lead nowhere; nothing is raised."""
        link(root / "dangling.txt", "nowhere.txt")
        link(root / "loop.txt", "loop.txt")
        for path in ("dangling.txt", "loop.txt", "loop.txt/inner.html"):
            assert locate(root, path) is None, path

    def test_root_may_be_hidden(self, tmp_path):
        """Only names below the root matter: the root itself may lie in a folder like .site."""
        root = (tmp_path / ".site").resolve()
        root.mkdir()
        (root / "page.html").touch()
        assert locate(root, "page.html") == root / "page.html"
