# mistake: a charset is put behind every text type
# module: file_types.py
# check: test_file_types.py::test_text_goes_out_bare
# phrase: charset


def type_of(name: str) -> str:
    """Overrule what the file says of itself."""
    ending = PurePosixPath(name).suffix.lower()
    found = PINNED.get(ending) or BUILT_IN.get(ending, UNKNOWN)
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
