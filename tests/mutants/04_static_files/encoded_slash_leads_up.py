# mistake: the name of an upload is not looked at
# module: uploads.py
# check: test_uploads.py::test_refused_name
# phrase: assert 409 == 400


class Uploads:
    def write_file(self, request: Request, name: str) -> Response:
        """..%2Fout.txt is written beside the folder."""
        path = self.folder / name
        if path.is_dir():
            raise HTTPError(409, "There is a folder of this name.")
        known = path.exists()
        replace_file(path, request.body)
        response = Response.text(f"{len(request.body)} bytes written.\n", 200 if known else 201)
        response.fields["Location"] = self.url_for("read_file", name=name)
        return response
