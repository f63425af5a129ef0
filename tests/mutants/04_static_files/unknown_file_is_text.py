# mistake: a file of unknown kind is called text
# module: file_types.py
# check: test_file_types.py::test_unknown_ending_is_bytes
# phrase: text/plain


def type_of(name: str) -> str:
    """Let the browser show bytes as if they were text."""
    ending = PurePosixPath(name).suffix.lower()
    return PINNED.get(ending) or BUILT_IN.get(ending, "text/plain")
