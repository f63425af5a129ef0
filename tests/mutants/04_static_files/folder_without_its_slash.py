# mistake: a folder answers without its slash, so that its links lead astray
# module: static_files.py
# check: test_server.py::test_redirect_to_the_slash
# phrase: 308 was expected


class StaticFiles:
    def folder_response(self, request: Request, path: str, folder: Path) -> Response:
        """In a page at /static the link style.css means /style.css."""
        index = folder / INDEX
        if index.is_file():
            return file_response(request, index)
        names = [entry.name for entry in folder.iterdir()]
        served = [name for name in names if locate(self.root, f"{path}/{name}".lstrip("/"))]
        return list_folder(percent_decode(request.path), folder, served)
