# mistake: the list of tags is cut at every comma
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_tag_with_a_comma
# phrase: '"1", "a,b"'


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """A tag with a comma in it is never found."""
    if "If-None-Match" in fields:
        tags = [tag.strip().removeprefix("W/") for tag in fields["If-None-Match"].split(",")]
        return "*" in tags[:1] or validators.etag in tags
    since = parse_date(fields.get("If-Modified-Since"))
    return since is not None and validators.modified <= since
