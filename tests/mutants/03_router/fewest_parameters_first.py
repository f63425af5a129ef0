# mistake: patterns with fewer parameters rank first
# module: pattern.py
# check: test_pattern.py::TestRank::test_specific_before_general
# phrase: not the number of parameters


class Pattern:
    @property
    def rank(self) -> int:
        """How many parameters there are."""
        return len(self.names)
