# mistake: the name of a file is not decoded as UTF-8
# module: form_data.py
# check: test_server.py::test_files
# phrase: 'filename': 'Ã©.bin'


def part_head(body: "BlockReader") -> Part:
    """Take the names as they are."""
    fields = Fields()
    room = MAX_PART_HEAD_BYTES
    while line := body.line(room):
        room -= len(line)
        fields.add(*parse_field_line(line))
    kind, parameters = parse_parameters(fields.get("Content-Disposition"))
    if kind != "form-data" or "name" not in parameters:
        raise HTTPError(400, "Each part has Content-Disposition: form-data; name=...")
    name, filename = (unquote_name(parameters.get(key)) for key in ("name", "filename"))
    return Part(name or "", filename, fields.get("Content-Type", "text/plain"))
