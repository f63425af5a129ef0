"""The pages of the built site, as tests see them: which there are, and what is in their HTML."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from course.steps import ROOT

NAV = re.compile(r": ([\w/]+)\.md$", re.MULTILINE)

HOST = "http://site.test"
BASE = f"{HOST}/some/sub/path/"
"""Where the site is thought to be, so that a link that escapes its folder shows."""

ADDRESSES = ("href", "src", "poster", "action", "formaction", "data", "cite", "manifest")
"""Attributes that hold an address."""


def addresses() -> list[str]:
    """Every page's address below the site's root: "" for the front page, "chapters/01_…/"."""
    names = NAV.findall((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    return [
        name.removesuffix("index").strip("/") + "/" if name != "index" else "" for name in names
    ]


ADDRESS_LIST = addresses()
CHAPTERS = [address for address in ADDRESS_LIST if address.startswith("chapters/")]


def label(address: str) -> str:
    """What a page is called in a test's name."""
    return address.rstrip("/") or "front"


@dataclass(frozen=True)
class BuiltPage:
    """A page of the built site."""

    site: Path
    address: str

    @property
    def path(self) -> Path:
        """Its file."""
        return self.site / self.address / "index.html"

    @property
    def url(self) -> str:
        """Where it is thought to be."""
        return BASE + self.address

    @cached_property
    def soup(self) -> BeautifulSoup:
        """Its HTML as a tree."""
        return BeautifulSoup(self.path.read_text(encoding="utf-8"), "html.parser")

    @cached_property
    def ids(self) -> list[str]:
        """Every id, and every name of an anchor."""
        ids = [str(tag["id"]) for tag in self.soup.find_all(id=True)]
        return ids + [str(tag["name"]) for tag in self.soup.find_all("a", attrs={"name": True})]

    def links(self) -> list[tuple[Tag, str]]:
        """Each address in the page as an absolute URL, with the element that has it."""
        found = [
            (tag, str(tag[name]))
            for tag in self.soup.find_all(True)
            for name in ADDRESSES
            if tag.get(name) is not None and not is_machinery(tag, name)
        ]
        for tag in self.soup.find_all(srcset=True):
            found += [(tag, one.split()[0]) for one in str(tag["srcset"]).split(",")]
        return [(tag, urljoin(self.url, address.strip())) for tag, address in found]


def is_machinery(tag: Tag, name: str) -> bool:
    """Whether an attribute only looks like an address."""
    return name in ("data", "cite") and tag.name not in ("object", "blockquote", "q", "ins", "del")


def file_of(site: Path, url: str) -> Path | None:
    """The file that an address of the site means, or None if it is not one of the site's."""
    parts = urlsplit(url)
    if not url.startswith(BASE):
        return None
    path = site / unquote(parts.path.removeprefix(urlsplit(BASE).path))
    return path / "index.html" if parts.path.endswith("/") else path


def shown(tag: Tag) -> str:
    """An element's start, for a message."""
    return str(tag).partition(">")[0][:160] + ">"
