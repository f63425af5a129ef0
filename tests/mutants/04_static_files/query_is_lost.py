# mistake: the redirect to the slash forgets the query
# module: static_files.py
# check: test_server.py::test_redirect_to_the_slash
# phrase: ?sort=name


class StaticFiles:
    def folder_response(self, request: Request, path: str, folder: Path) -> Response:
        """Send the client on without what it asked."""
        if not request.path.endswith("/"):
            return Response.redirect(f"{request.path}/", 308)
        index = locate(self.root, path + INDEX)
        if index and index.is_file():
            return file_response(request, index)
        names = [entry.name for entry in folder.iterdir()]
        served = [name for name in names if locate(self.root, path + name)]
        return list_folder(percent_decode(request.path), folder, served)
