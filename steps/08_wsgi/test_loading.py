"""Finding an application by its name, or saying in one line why there is none."""

import sys

import pytest

from loading import NoApplication, load

MODULE = """
class Site:
    def application(self, environ, start_response):
        start_response("200 OK", [])
        return [b"nested"]

def application(environ, start_response):
    start_response("200 OK", [])
    return [b"default"]

def app(environ, start_response):
    start_response("200 OK", [])
    return [b"app"]

def make():
    return app

def make_nothing():
    return None

def fails():
    raise ValueError("no database")

site = Site()
nothing = 5
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with modules in it, of which nothing is left afterwards."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    package = tmp_path / "project_of_a_check"
    package.mkdir()
    for name, text in {
        "app_of_a_check.py": MODULE,
        "needs_of_a_check.py": "import nowhere_of_a_check\n",
        "value_of_a_check.py": "raise ValueError('of the module')\n",
        "syntax_of_a_check.py": "def (\n",
        "project_of_a_check/__init__.py": "",
        "project_of_a_check/wsgi.py": MODULE,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    yield tmp_path
    for name in set(sys.modules) - before:
        if "of_a_check" in name:
            del sys.modules[name]


def content(application) -> bytes:
    """What this application gives."""
    return b"".join(application({}, lambda *head: None))


@pytest.mark.parametrize(
    ("name", "gives"),
    [
        ("app_of_a_check:app", b"app"),
        ("app_of_a_check", b"default"),
        ("app_of_a_check:", b"default"),
        ("app_of_a_check:site.application", b"nested"),
        ("app_of_a_check:make()", b"app"),
        ("project_of_a_check.wsgi:app", b"app"),
        ("project_of_a_check.wsgi", b"default"),
    ],
)
def test_found(folder, name, gives):
    """A module and what is in it; without a word of that, `application`; with () what it makes."""
    assert content(load(name, folder)) == gives


def test_folder_that_we_are_in(folder, monkeypatch):
    """Without a folder it is the one where the server was started."""
    monkeypatch.chdir(folder)
    assert content(load("app_of_a_check:app")) == b"app"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing_of_a_check:app", "no module 'missing_of_a_check'"),
        ("project_of_a_check.missing:app", "no module 'project_of_a_check.missing'"),
        ("missing_of_a_check.wsgi:app", "no module 'missing_of_a_check'"),
        ("needs_of_a_check:app", "needs 'nowhere_of_a_check'"),
        ("app_of_a_check:missing", "nothing called 'missing'"),
        ("app_of_a_check:site.missing", "nothing called 'missing'"),
        ("project_of_a_check", "nothing called 'application'. (Write project_of_a_check:NAME.)"),
        ("app_of_a_check:nothing", "cannot be called"),
        ("app_of_a_check:nothing()", "cannot be called"),
        ("app_of_a_check:make_nothing()", "cannot be called"),
        (":app", "module:attribute"),
        ("", "module:attribute"),
        (".app_of_a_check:app", "module:attribute"),
        ("app_of_a_check:app:app", "module:attribute"),
        ("app_of_a_check:app(5)", "module:attribute"),
        ("./app_of_a_check.py:app", "module:attribute"),
        ("app_of_a_check:a b", "module:attribute"),
    ],
)
def test_no_application(folder, name, says):
    """Whoever starts the server reads one line, and no traceback."""
    with pytest.raises(NoApplication) as failure:
        load(name, folder)
    line = str(failure.value)
    assert says in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("value_of_a_check:app", "ValueError: of the module"),
        ("syntax_of_a_check:app", "SyntaxError"),
        ("app_of_a_check:fails()", "ValueError: no database"),
    ],
)
def test_application_that_fails(folder, name, says):
    """A mistake of the application is shown with its traceback, as its author needs it."""
    with pytest.raises(NoApplication) as failure:
        load(name, folder)
    assert name.partition(":")[0] in str(failure.value).partition("\n")[0]
    assert says in str(failure.value)
