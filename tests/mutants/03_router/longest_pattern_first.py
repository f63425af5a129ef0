# mistake: the longer text ranks first
# module: pattern.py
# check: test_pattern.py::TestRank::test_length_of_names_does_not_count
# phrase: makes no difference


class Pattern:
    @property
    def rank(self) -> int:
        """The longer, the sooner."""
        return -len(self.text)
