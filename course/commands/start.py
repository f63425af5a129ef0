"""`start`, once all is installed: serve the page, say where, and what to do next."""

import os
import shlex
import signal
import sys
import threading
import webbrowser
from contextlib import closing, suppress
from pathlib import Path

from course.console import Out
from course.environment import PROGRAM, ROOT
from course.pages.build import SITE, shown_while, up_to_date
from course.site import DEFAULT_PORT, PROGRESS, Site
from course.steps import find_step


def serve_page(host: str, port: int | None, browser: bool) -> None:
    """Serve until Ctrl-C or SIGTERM. CourseError where the address cannot be had.

    While the site is built either ends all at once. Later what is in flight is finished first.
    """
    site = Site(SITE, host, port)  # first of all: a port that is taken is told at once
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    out = Out()
    with closing(site), suppress(KeyboardInterrupt):
        make_site()
        if port is None and site.port != DEFAULT_PORT:
            out.say(f"Port {DEFAULT_PORT} is taken; the next free one is {site.port}.")
        print(f"Serving on {site.url}", flush=True)
        tell(out, site.url)
        if browser and has_screen():
            threading.Thread(target=webbrowser.open, args=(site.url,), daemon=True).start()
        sys.stdout.flush()
        with site.stop.on_signals():
            site.serve()
    out.say("Stopped.")


def make_site() -> None:
    """Bring the site up to date, with a link to the learner's progress."""
    os.environ["COURSE_PROGRESS"] = PROGRESS.removeprefix("/")
    try:
        with shown_while("The site") as show:
            up_to_date(show)
    finally:
        del os.environ["COURSE_PROGRESS"]  # a site that is built for publication has no such link


def tell(out: Out, url: str) -> None:
    """The commands for another terminal."""
    out.print()
    out.say("In another terminal:")
    if Path.cwd() != ROOT:
        out.say("    ", (f"cd {shlex.quote(str(ROOT))}", "cyan"))
    for command, effect in (
        (activation(), ""),
        (f"{PROGRAM} check 01", "writes your starters, then checks them"),
        (f"{PROGRAM} run 01", "runs the server of step 01"),
    ):
        out.say("    ", (command.ljust(30 if effect else 0), "cyan"), effect)
    out.print()
    out.say("Begin with ", (f"{url}/chapters/{find_step('01').name}/", "cyan"))
    out.say(("Ctrl-C stops this one.", "dim"))


def activation() -> str:
    """How `.venv` is activated in this shell."""
    shell = Path(os.environ.get("SHELL", "")).stem
    if os.name == "nt" and not shell:
        command_prompt = "PROMPT" in os.environ
        return r".venv\Scripts\activate.bat" if command_prompt else r".venv\Scripts\Activate.ps1"
    folder = "Scripts" if os.name == "nt" else "bin"
    ending = {"fish": ".fish", "csh": ".csh", "tcsh": ".csh"}.get(shell, "")
    word = "." if shell in ("sh", "dash", "ash", "ksh") else "source"
    return f"{word} .venv/{folder}/activate{ending}"


def has_screen() -> bool:
    """Whether a browser window could be seen: a person at a terminal of this machine's desktop."""
    if not sys.stdout.isatty() or "SSH_CONNECTION" in os.environ:
        return False
    desktop = "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return desktop or sys.platform in ("win32", "darwin")
