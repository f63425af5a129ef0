"""Exercise 04.3: a page of links to names that may be made of anything."""

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin

import pytest

from listing import item, list_folder

pytestmark = pytest.mark.exercise("04.3")

NAMES = {
    "plain": "readme.txt",
    "HTML and URL": "a&b#c?<x>.txt",
    "spaces": "two  words .txt",
    "double quotes": 'say "cheese".jpg',
    "single quotes": "Zoë's cat.jpg",
    "percent": "100%41.txt",
    "plus": "c++.txt",
    "entity": "&lt;b&gt;&amp;.txt",
    "script": "<script>alert(1)<!--.txt",
    "semicolon": "a;b=c,d@e$.txt",
    "Greek": "Ελληνικά.txt",
    "emoji": "\N{PARTY POPPER}.png",
    "folder": "my files/",
    "way up": "../",
}


class Links(HTMLParser):
    """Reads a page as a browser does: links, the text in each, the title, all tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.title = ""
        self.open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list) -> None:
        """Note the tag, and where a link leads."""
        self.tags.append(tag)
        self.open = tag
        if tag == "a":
            self.links.append((dict(attributes).get("href") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        """Text from here on belongs to no tag."""
        self.open = ""

    def handle_data(self, data: str) -> None:
        """Text of a link or of the title."""
        if self.open == "a":
            address, text = self.links[-1]
            self.links[-1] = address, text + data
        elif self.open == "title":
            self.title += data


def listed(folder, *names: str) -> list[str]:
    """The texts of the links in the list of these names."""
    page = list_folder("/static/", folder, list(names)).content.decode()
    return [text for _, text in Links(page).links]


@pytest.mark.parametrize("kind", NAMES)
def test_text_is_the_name(kind):
    """A browser shows the name as it is: what means something in HTML is escaped."""
    page = Links(item(NAMES[kind]))
    assert page.tags == ["li", "a"]
    assert page.links[0][1] == NAMES[kind]


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind != "way up"])
def test_link_leads_to_the_name(kind):
    """The link, percent-decoded, is the name: no part of it is taken for query or fragment."""
    [(address, _)] = Links(item(NAMES[kind])).links
    assert address.isascii() and not set(address) & set(' "<>#?&'), f"the link is {address}"
    path = urljoin("http://host/static/", address).removeprefix("http://host/static/")
    assert unquote(path) == NAMES[kind], f"the link is {address}"


def test_way_up():
    """A browser that follows ../ goes one folder up, and does not look for one called ..%2F."""
    assert Links(item("../")).links == [("../", "../")]


def test_item_of_any_name(rng):
    """Text and link fit each other for any name."""
    letters = "abc.&<>\"'#?%+ ;=é€\N{PARTY POPPER}"
    for _ in range(100):
        name = "".join(rng.choices(letters, k=8))
        [(address, text)] = Links(item(name)).links
        assert (unquote(address), text) == (name, name)


def test_folders_first(tmp_path):
    """The way up comes first, then folders, marked by a slash, then files, each kind by name."""
    for name in ("zoo", "box"):
        (tmp_path / name).mkdir()
    for name in ("cat.txt", "apple.txt", "box.txt"):
        (tmp_path / name).touch()
    found = listed(tmp_path, "zoo", "cat.txt", "box", "box.txt", "apple.txt")
    assert found == ["../", "box/", "zoo/", "apple.txt", "box.txt", "cat.txt"]


def test_only_the_names_it_is_given(tmp_path):
    """It lists the names that it is given, and not what else lies in the folder."""
    for name in (".env", "secret.txt", "shown.txt"):
        (tmp_path / name).touch()
    assert listed(tmp_path, "shown.txt") == ["../", "shown.txt"]


def test_empty_folder(tmp_path):
    """In the list of nothing is still the way up."""
    assert listed(tmp_path) == ["../"]


def test_name_that_is_no_text(tmp_path):
    """A name of bytes that are not UTF-8 is left out, and the page is sent all the same."""
    assert listed(tmp_path, "caf\udce9.txt", "shown.txt") == ["../", "shown.txt"]


def test_page_says_what_it_lists(tmp_path):
    """The page is HTML; its title is the address, escaped, and does not tell where we keep it."""
    response = list_folder("/static/<b>&amp;/", tmp_path, [])
    page = response.content.decode()
    assert response.status == 200
    assert response.fields["Content-Type"].startswith("text/html")
    assert "/static/<b>&amp;/" in Links(page).title
    assert "b" not in Links(page).tags
    assert tmp_path.name not in page
