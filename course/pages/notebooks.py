"""Notebooks as pages: run, written as Markdown with their pictures, and kept until they change."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

from course.steps import ROOT, find_step

FOLDER = ROOT / "notebooks"

AT_A_TIME = 2
"""Notebooks that run at the same time: each measures speed, and wants a processor for itself."""

PACKAGES = ("ipykernel", "ipython", "matplotlib", "nbclient", "nbconvert")
"""A new version of any of these may give another page."""

MACHINERY = (
    "course/lab/*.py",
    "course/pages/notebook*.py",
    "course/servers.py",
    "course/stage.py",
    "course/visible.py",
)

STEP = re.compile(r'lab\.(?:step|serve)\(\\?"(\d\d)\\?"')


def pages(cache: Path, show: Callable[[str], None] = print) -> dict[str, str | bytes]:
    """Every notebook's page, its pictures and the notebook itself, by their places in `docs/`.

    Raises CourseError where a notebook fails.
    """
    files: dict[str, str | bytes] = {}
    notebooks = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
    for notebook in notebooks:
        if not _kept(notebook, cache).exists():
            show(f"running {notebook.relative_to(ROOT)}")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        results = pool.map(lambda notebook: rendered(notebook, cache), notebooks)
        for notebook, (page, pictures) in zip(notebooks, results, strict=True):
            place = f"notebooks/{notebook.stem}"
            files[f"{place}.md"] = page
            files[f"{place}.ipynb"] = notebook.read_bytes()
            files |= {f"{place}/{name}": picture for name, picture in pictures.items()}
    return files


def rendered(notebook: Path, cache: Path) -> tuple[str, dict[str, bytes]]:
    """The notebook as Markdown, and its pictures by name; it runs only if something has changed.

    The page finds its pictures in a folder of the notebook's name. Raises CourseError, which
    names the cell, where the notebook fails.
    """
    kept = _kept(notebook, cache)
    if not kept.exists():
        from course.pages.notebook_runs import executed, written

        page, pictures = written(executed(notebook), notebook.stem)
        texts = {name: picture.decode("latin-1") for name, picture in pictures.items()}
        _keep(kept, json.dumps({"page": page, "pictures": texts}))
    result = json.loads(kept.read_text(encoding="utf-8"))
    return result["page"], {n: text.encode("latin-1") for n, text in result["pictures"].items()}


def _kept(notebook: Path, cache: Path) -> Path:
    """Where the page is kept: a name that changes with whatever the page depends on."""
    return cache / f"{notebook.stem}-{_fingerprint(notebook)}.json"


def _fingerprint(notebook: Path) -> str:
    content = notebook.read_bytes()
    digest = hashlib.sha256(content)
    for path in _sources(content.decode("utf-8")):
        digest.update(path.name.encode() + path.read_bytes())
    for package in PACKAGES:
        digest.update(f"{package} {version(package)}".encode())
    return digest.hexdigest()[:16]


def _sources(text: str) -> Iterable[Path]:
    """The files that a notebook's run depends on: the machinery, and the steps that it names."""
    for pattern in MACHINERY:
        yield from sorted(ROOT.glob(pattern))
    for label in sorted({"01", *STEP.findall(text)}):
        step = find_step(label)
        yield from [*step.modules.values(), *step.extras.values()]
        yield from sorted(path for path in step.path.glob("public/**/*") if path.is_file())


def _keep(place: Path, text: str) -> None:
    """Write it in one move, and drop what was kept of the notebook before."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for old in place.parent.glob(f"{place.name.rpartition('-')[0]}-*.json"):
        if old != place:  # another process may be reading what it has just written
            old.unlink(missing_ok=True)
    unfinished = place.with_suffix(".new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(place)
