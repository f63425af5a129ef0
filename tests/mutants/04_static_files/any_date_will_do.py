# mistake: whatever can be read as a date counts, in whatever zone
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_no_date_is_ignored
# phrase: another zone

from email.utils import parsedate_to_datetime


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """What is no HTTP-date must be ignored, readable or not."""
    if "If-None-Match" in fields:
        tags = fields["If-None-Match"]
        return tags == "*" or validators.etag in ENTITY_TAG.findall(tags)
    try:
        since = parsedate_to_datetime(fields.get("If-Modified-Since")).replace(tzinfo=UTC)
    except (ValueError, TypeError):
        return False
    return validators.modified <= since.timestamp()
