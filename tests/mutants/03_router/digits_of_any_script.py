# mistake: any script's digits make a number
# module: pattern.py
# check: test_pattern.py::TestRead::test_value
# phrase: int in Arabic digits


NUMBER = re.compile(r"\d{1,18}")
