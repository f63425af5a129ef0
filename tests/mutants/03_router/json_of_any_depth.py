# mistake: JSON may be nested as deep as Python can just read it
# module: bodies.py
# check: test_notes.py::test_no_note
# phrase: nested 101 deep


MAX_JSON_DEPTH = 10**9
