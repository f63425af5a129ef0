# mistake: a note is gone before the new one is known to be good
# module: notes.py
# check: test_notes.py::test_no_note
# phrase: and changes nothing


class Notes:
    def replace_note(self, request: Request, id: int) -> Response:
        """Make room, then look at what comes."""
        self.notes.pop(self.find(id)["id"])
        self.notes[id] = {"id": id, **members(request)}
        return Response.json(self.notes[id])
