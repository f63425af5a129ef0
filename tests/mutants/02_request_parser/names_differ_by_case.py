# mistake: Content-type is not Content-Type
# module: fields.py
# check: test_fields.py::test_names_match_in_any_case
# phrase: assert 'content-type' in Fields


class Fields:
    """Field lines."""

    def get_all(self, name: str) -> list[str]:
        """Compare names as they are."""
        return [value for known, value in self._lines if known == name]
