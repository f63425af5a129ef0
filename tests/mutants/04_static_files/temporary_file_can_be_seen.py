# mistake: the temporary file has a name that is served
# module: uploads.py
# check: test_uploads.py::test_whole_or_not_at_all
# phrase: (b'old version', 200)


def replace_file(path: Path, content: bytes) -> None:
    """Half a file is served, under a name that can be guessed."""
    temporary = path.with_name(f"{path.name}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
        temporary.replace(path)
    except OSError:
        raise HTTPError(507, "The file could not be written.") from None
    finally:
        temporary.unlink(missing_ok=True)
