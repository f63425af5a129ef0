# mistake: the number of a note is how many there are
# module: notes.py
# check: test_notes.py::test_each_its_own_address
# phrase: none is given again


class Notes:
    def create_note(self, request: Request) -> Response:
        """Count the notes."""
        number = len(self.notes) + 1
        note = self.notes[number] = {"id": number, **members(request)}
        response = Response.json(note, 201)
        response.fields["Location"] = self.url_for("read_note", id=number)
        return response
