"""`python -m course.transcripts`: record transcripts, or compare them with --check."""

import argparse
import sys
from concurrent.futures import Future

from course.steps import CourseError
from course.transcripts.recorder import being_recorded, difference, keep
from course.transcripts.scripts import Script, chosen


def main(arguments: list[str]) -> int:
    """Record or compare; the exit code is 1 where --check finds a difference, 2 for an error."""
    parser = argparse.ArgumentParser("python -m course.transcripts", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as 01, or 01/hello-curl")
    parser.add_argument("--check", action="store_true", help="write nothing, print differences")
    options = parser.parse_args(arguments)
    try:
        return record(options.names, check=options.check)
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        return 2


def record(names: list[str], *, check: bool) -> int:
    """Record those with these names, and say for each what became of it."""
    with being_recorded(chosen(names)) as recordings:
        return max(report(script, made, check=check) for script, made in recordings.items())


def report(script: Script, recording: Future[str], *, check: bool) -> int:
    """Wait for one recording, keep it or compare it, and say so."""
    try:
        text = recording.result()
    except CourseError as error:
        print(f"failed  {script.name}\n{error}", flush=True)
        return 2
    diff = difference(script, text)
    print(f"{'changed' if diff else 'same   '} {script.name}", flush=True)
    if diff and check:
        print(diff)
    elif diff:
        keep(script, text)
    return int(check and bool(diff))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
