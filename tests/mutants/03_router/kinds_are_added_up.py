# mistake: the kinds of all segments are added up
# module: pattern.py
# check: test_pattern.py::TestRank::test_specific_before_general
# phrase: not the kinds that come after


class Pattern:
    @property
    def rank(self) -> int:
        """The sum of the kinds."""
        return sum(segment.kind for segment in self.segments)
