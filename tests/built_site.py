"""The whole site, built once for all tests that look at it, and served by the course's own code.

With `pytest_plugins = ["built_site"]` in a test module, `built_site` is the folder that holds it;
`site_url` its address at a host's root, and `site_url_sub` the same below a path.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from course.pages.build import build
from course.site import Site

SUB_PATH = "some/sub/path"


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as for publication: the first warning stops it."""
    folder = tmp_path_factory.mktemp("host") / SUB_PATH
    build(folder, lambda text: None, strict=True)
    return folder


@pytest.fixture(scope="session")
def site_url(built_site: Path) -> Iterator[str]:
    """The site's address at the root of a host: "http://127.0.0.1:1234"."""
    with served(built_site) as url:
        yield url


@pytest.fixture(scope="session")
def site_url_sub(built_site: Path) -> Iterator[str]:
    """The site's address below a path: "http://127.0.0.1:1234/some/sub/path"."""
    with served(built_site.parents[2]) as url:
        yield f"{url}/{SUB_PATH}"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder behind the course's own server, on a free port."""
    with closing(Site(folder, "127.0.0.1", 0)) as site:
        thread = threading.Thread(target=site.serve, daemon=True)
        thread.start()
        try:
            yield site.url
        finally:
            site.stop.request()
            thread.join()
