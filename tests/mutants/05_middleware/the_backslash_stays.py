# mistake: the sign that begins an escape is not escaped itself
# module: access_log.py
# check: test_access_log.py::TestEscaped::test_what_looks_like_an_escape_is_escaped
# phrase: x5c


UNSAFE = re.compile(r'[^\x20-\x7e]|"')
