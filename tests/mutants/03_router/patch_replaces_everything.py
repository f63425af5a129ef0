# mistake: PATCH does what PUT does
# module: notes.py
# check: test_notes.py::test_patch
# phrase: keeps the rest


class Notes:
    def change_note(self, request: Request, id: int) -> Response:
        """What is sent takes the place of what was there."""
        self.find(id)
        self.notes[id] = {"id": id, **members(request)}
        return Response.json(self.notes[id])
