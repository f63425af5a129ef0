# mistake: a request without conditions gets 304
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_no_conditions
# phrase: ('Host', 'a')


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """What is not there does not object."""
    tags = fields.get("If-None-Match", "*")
    return tags == "*" or validators.etag in ENTITY_TAG.findall(tags)
