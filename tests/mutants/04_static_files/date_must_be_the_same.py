# mistake: only the very date of the file will do
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_seconds_count
# phrase: seconds after If-Modified-Since


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """A client that asks with a later date gets everything anew."""
    if "If-None-Match" in fields:
        tags = fields["If-None-Match"]
        return tags == "*" or validators.etag in ENTITY_TAG.findall(tags)
    return validators.modified == parse_date(fields.get("If-Modified-Since"))
