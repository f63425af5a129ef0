# mistake: a value may hold CR and LF: a response within the response
# module: fields.py
# check: test_fields.py::test_values_cannot_break_out
# phrase: 'a\r\nSet-Cookie: stolen=1' passes


FIELD_VALUE = re.compile(r"[^\0]*", re.DOTALL)
