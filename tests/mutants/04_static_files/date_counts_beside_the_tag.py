# mistake: an old tag is overruled by the date
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_tag_goes_before_the_date
# phrase: '"other"'), ('If-Modified-Since'


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """Either will do: a file that changed twice in a second is never sent again."""
    tags = fields.get("If-None-Match")
    since = parse_date(fields.get("If-Modified-Since"))
    known = tags == "*" or validators.etag in ENTITY_TAG.findall(tags)
    return known or (since is not None and validators.modified <= since)
