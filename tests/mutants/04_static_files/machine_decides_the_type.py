# mistake: the machine's own table of media types is asked
# module: file_types.py
# check: test_file_types.py::test_machine_has_no_say
# phrase: application/x-wrong


def type_of(name: str) -> str:
    """What the machine says: on another machine it may be something else."""
    return mimetypes.guess_type(name)[0] or UNKNOWN
