# mistake: the file is written where it can be seen
# module: uploads.py
# check: test_uploads.py::test_whole_or_not_at_all
# phrase: assert [] == [(b'old version', 404)]


def replace_file(path: Path, content: bytes) -> None:
    """Who reads meanwhile gets a half of it, and after a crash it is all that is left."""
    try:
        path.write_bytes(content)
    except OSError:
        raise HTTPError(507, "The file could not be written.") from None
