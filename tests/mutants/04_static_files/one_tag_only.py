# mistake: If-None-Match is taken for one tag
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_client_has_ours
# phrase: last of two


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """Compare the whole field with the tag."""
    if "If-None-Match" in fields:
        return fields["If-None-Match"].removeprefix("W/") in ("*", validators.etag)
    since = parse_date(fields.get("If-Modified-Since"))
    return since is not None and validators.modified <= since
