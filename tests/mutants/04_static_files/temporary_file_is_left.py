# mistake: a temporary file is left where writing fails
# module: uploads.py
# check: test_uploads.py::test_disk_that_is_full
# phrase: .part


def replace_file(path: Path, content: bytes) -> None:
    """Each failure leaves a file, until the disk is full."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except OSError:
        raise HTTPError(507, "The file could not be written.") from None
