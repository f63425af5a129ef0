# mistake: the date is compared as text
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_not_modified_since
# phrase: RFC 850


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """Whoever writes the same second in another form has something else."""
    if "If-None-Match" in fields:
        tags = fields["If-None-Match"]
        return tags == "*" or validators.etag in ENTITY_TAG.findall(tags)
    return fields.get("If-Modified-Since") == validators.fields()["Last-Modified"]
