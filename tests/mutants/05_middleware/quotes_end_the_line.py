# mistake: quotes are written as they came
# module: access_log.py
# check: test_access_log.py::TestCommonLine::test_target_cannot_write_a_line
# phrase: this is no line of Common Log Format


UNSAFE = re.compile(r"[^\x20-\x7e]")
