"""`python3 -m course`: the way in. Any Python can read this page, however old, and is told so."""

import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.stderr.write(
        "This is Python " + found + "; the course needs 3.11 or newer: "
        "install one, and run the same command with it\n"
    )
    sys.exit(2)

if __name__ == "__main__":
    from course.environment import enter

    enter(sys.argv[1:])
