# mistake: a file called `html` is taken for a page
# module: file_types.py
# check: test_file_types.py::test_unknown_ending_is_bytes[html]
# phrase: text/html


def type_of(name: str) -> str:
    """Without a dot, rpartition gives the whole name as the last part."""
    ending = "." + name.lower().rpartition(".")[2]
    return PINNED.get(ending) or BUILT_IN.get(ending, UNKNOWN)
