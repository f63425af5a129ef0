# mistake: forked children change copies of the notes, each its own
# module: notes.py
# check: test_server.py::test_notes_are_the_same_for_everybody[fork]
# phrase: 404
class Notes:
    def share(self):
        """They are in memory, and memory is there for all."""
