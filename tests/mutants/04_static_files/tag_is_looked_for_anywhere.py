# mistake: our tag is looked for anywhere in the text
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_client_has_another
# phrase: one that begins like ours


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """A tag that has ours in it is taken for ours."""
    if "If-None-Match" in fields:
        tags = fields["If-None-Match"]
        return "*" in tags or validators.etag.strip('"') in tags
    since = parse_date(fields.get("If-Modified-Since"))
    return since is not None and validators.modified <= since
