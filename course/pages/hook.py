"""What mkdocs asks of us while it builds the site; the work is done in the modules beside this."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_relative_url

from course.pages import assets, front, links, notebooks, search_index
from course.pages.build import HOOK
from course.pages.directives import Page, expanded
from course.steps import ROOT, CourseError

CACHE = ROOT / ".cache"
WATCHED = ("steps", "notebooks", "course/pages", "tests/mutants")

log = logging.getLogger(HOOK)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the notebooks: a page each, its pictures, and the notebook itself to be taken home."""
    try:
        for path, content in notebooks.pages(CACHE / "notebooks", log.info).items():
            files.append(File.generated(config, path, content=content))
    except CourseError as error:
        raise PluginError(str(error)) from None
    return files


def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Replace the page's directives, then link the RFCs that it names."""
    place = Page(page.file.src_uri, _to_root(page.file.url))
    try:
        return links.linked(expanded(markdown, place))
    except CourseError as error:
        raise PluginError(str(error)) from None


def on_post_page(output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """Mend what the theme does not do well."""
    try:
        return assets.patched_page(output, _to_root(page.file.url).removeprefix("./"))
    except CourseError as error:
        raise PluginError(str(error)) from None


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """The same for the page that says that there is no such page: it has the site's whole path."""
    if template_name != "404.html":
        return output
    return assets.patched_page(output, urlsplit(config.site_url or "/").path)


def on_post_build(config: MkDocsConfig) -> None:
    """Put the front end beside the pages; the search need not know all code by heart."""
    search_index.leave_out_code(Path(config.site_dir))
    try:
        assets.put(front.front_end(log.info), Path(config.site_dir))
    except CourseError as error:
        raise PluginError(str(error)) from None


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Build again when the code that the pages show has changed."""
    for folder in WATCHED:
        server.watch(str(ROOT / folder))
    return server


def _to_root(url: str) -> str:
    """The way from a page to the site's root, with its slash: "../../", or "./" at the root."""
    way = get_relative_url(".", url)
    return way if way.endswith("/") else f"{way}/"
