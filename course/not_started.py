"""Why there is no server to check: the reports that stand where "connection refused" would."""

from course.listeners import listening_ports
from course.output import short_paths, traceback_in
from course.processes import ENDING_SECONDS, Process, spoken
from course.xray import CheckFailure, Flaw, XRay

NOTHING_RUN = (
    "Exit code 0 says that nothing went wrong, yet nothing was served: is the end of the module "
    'still there, from `if __name__ == "__main__":` on?'
)


class ServerNotStarted(CheckFailure):
    """There is no server to check. The report says why: its exit code, its output, its port."""


def cannot_run(command: tuple[str, ...], error: OSError) -> ServerNotStarted:
    """The command does not even start."""
    reason = "no such command" if isinstance(error, FileNotFoundError) else error.strerror
    summary = f"the server did not start: cannot run {command[0]}: {reason}"
    advice = "Is it installed, and its folder on the PATH?"
    return _report(summary, spoken(command), advice=advice)


def never_said(process: Process, seconds: float) -> ServerNotStarted:
    """The line that says where it serves did not come."""
    if not process.has_ended():
        return _silent(process, seconds)
    summary = f"the server did not start: it {process.ending} before it served"
    return _report(summary, process.replay, process, advice=NOTHING_RUN * process.succeeded)


def _silent(process: Process, seconds: float) -> ServerNotStarted:
    """It runs, and may even listen, but says nothing of the kind."""
    ports = listening_ports(process.popen.pid)
    expected = "the line Serving on http://HOST:PORT, with the address of the listening socket"
    advice = ""
    if ports:
        advice = f"It listens on port {joined(ports)}, so the line alone is missing"
        advice += "." if process.output.position else ": is it printed with flush=True?"
    summary = f"the server did not start: after {seconds:.1f} s it has not said where it serves"
    return _report(summary, process.replay, process, expected, advice)


def nothing_answers(process: Process, url: str) -> ServerNotStarted:
    """It says that it serves, and nobody is there."""
    ports = listening_ports(process.popen.pid)
    instead = f"; it listens on port {joined(ports)}" if ports else ""
    summary = f"it printed {url}, but nothing answers there{instead}"
    advice = "Print the address that the listening socket really has: getsockname() knows it."
    return _report(summary, process.replay, process, advice=advice)


def not_listening(process: Process, port: int, seconds: float) -> ServerNotStarted:
    """A foreign server that does not come up on the port that it was given."""
    if process.has_ended():
        return never_said(process, seconds)
    ports = listening_ports(process.popen.pid)
    instead = f"; it listens on port {joined(ports)} instead" if ports else ""
    summary = f"the server did not start: nothing answers on port {port} after {seconds:.1f} s"
    expected = f"a server on port {port}, as the command says in the place of {{port}}"
    return _report(summary + instead, process.replay, process, expected)


def gone(process: Process | None, url: str) -> ServerNotStarted:
    """It served before, and does not any more."""
    if process is None:
        return _report(f"nothing answers at {url} any more", "")
    if process.has_ended(ENDING_SECONDS):
        summary = f"the server has died: it {process.ending}"
    else:
        summary = f"the server runs, but takes no connections at {url} any more"
    return _report(summary, process.replay, process)


def joined(ports: list[int]) -> str:
    """8000, or 8000 and 8001."""
    return " and ".join(str(port) for port in ports)


def _report(
    summary: str, command: str, process: Process | None = None, expected: str = "", advice: str = ""
) -> ServerNotStarted:
    flaw = Flaw("no server", summary, None, (expected,) if expected else (), advice=advice)
    text = process.output.since() if process else ""
    output = traceback_in(text) or short_paths(text) or ("(nothing)" if process else "")
    replay = (command,) if command else ()
    return ServerNotStarted(XRay(flaw, output=output, replay=replay))
