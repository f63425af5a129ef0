# mistake: patterns are compared from their end
# module: pattern.py
# check: test_router.py::test_every_order_of_registration
# phrase: whatever the order of registration


class Pattern:
    @property
    def rank(self) -> list[Kind]:
        """The kinds, the last one first."""
        return [segment.kind for segment in reversed(self.segments)]
