# mistake: a weak tag is taken for another one
# module: validators.py
# check: test_validators.py::TestIsNotModified::test_client_has_ours
# phrase: [weak]


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """A proxy that compresses makes our tags weak: nobody behind it ever gets a 304."""
    if "If-None-Match" in fields:
        tags = fields["If-None-Match"]
        return tags == "*" or validators.etag in re.findall(r'(?:W/)?"[^"]*"', tags)
    since = parse_date(fields.get("If-Modified-Since"))
    return since is not None and validators.modified <= since
