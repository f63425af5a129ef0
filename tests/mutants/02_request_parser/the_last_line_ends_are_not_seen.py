# mistake: $ lets a value end with a line end
# module: fields.py
# check: test_fields.py::test_values_cannot_break_out
# phrase: 'a\n' passes


class Fields:
    """Field lines."""

    def add(self, name: str, value: str) -> None:
        """Match up to $, before which a line end may stand."""
        if not re.match(TOKEN.pattern + "$", name):
            raise ValueError(f"a field name is one or more token characters, not {name!r}")
        if not re.match(FIELD_VALUE.pattern + "$", value):
            raise ValueError(f"the value of {name} has a character that no field value may have")
        self._lines.append((name, value.strip(" \t")))
