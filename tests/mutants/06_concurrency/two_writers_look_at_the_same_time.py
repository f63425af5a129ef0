# mistake: asks whether the file is as the client thinks, and then takes its turn
# module: uploads.py
# check: test_shared_state.py::test_one_writer_at_a_time
# phrase: two were in at the same time
class Uploads:
    def write_file(self, request, name):
        """POST /files/name: 201 where the file is new, 200 where it takes another's place."""
        if not is_safe_name(name) or len(name.encode()) > MAX_NAME_BYTES:
            raise HTTPError(400, "This name cannot be a file's name here.")
        path = self.folder / name
        if path.is_dir():
            raise HTTPError(409, "There is a folder of this name.")
        known = path.exists()
        check_conditions(request.fields, path if known else None)
        replace_file(path, request.body)
        response = Response.text(f"{len(request.body)} bytes written.\n", 200 if known else 201)
        response.fields["Location"] = self.url_for("read_file", name=name)
        return response
