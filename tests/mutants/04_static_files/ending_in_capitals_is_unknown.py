# mistake: LOGO.PNG is no picture
# module: file_types.py
# check: test_file_types.py::test_case_makes_no_difference
# phrase: the name is INDEX.HTML


def type_of(name: str) -> str:
    """Look for the ending just as it is written."""
    ending = PurePosixPath(name).suffix
    return PINNED.get(ending) or BUILT_IN.get(ending, UNKNOWN)
