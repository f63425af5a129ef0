# mistake: everything behind the first dot is taken for the ending
# module: file_types.py
# check: test_file_types.py::test_last_ending_counts
# phrase: application/octet-stream


def type_of(name: str) -> str:
    """Look for .min.js in the table, and don't find it."""
    ending = "." + name.lower().partition(".")[2]
    return PINNED.get(ending) or BUILT_IN.get(ending, UNKNOWN)
