# mistake: whatever has a name is opened
# module: static_files.py
# check: test_static_files.py::test_named_pipe
# phrase: the server waits for somebody to write into the pipe


def file_response(request: Request, path: Path) -> Response:
    """Wait until somebody writes into the pipe: perhaps for ever."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
    except PermissionError:
        raise HTTPError(403, "This file may not be read.") from None
    except OSError:
        raise HTTPError(404, "There is no such file.") from None
    validators = Validators.of(status)
    fields = validators.fields()
    fields.add("Cache-Control", "no-cache")
    if is_not_modified(request.fields, validators):
        return Response(304, fields=fields)
    fields.add("Content-Type", type_of(path.name))
    return FileResponse(200, fields=fields, path=path, size=status.st_size)
