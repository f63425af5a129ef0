# mistake: takes the signal of a child's death, and never asks how it ended
# module: prefork.py
# check: test_prefork.py::test_every_child_that_has_ended_is_taken_leave_of
# phrase: Left contains


class Family:
    def reap(self) -> None:
        """The child has ended by itself."""
        return
