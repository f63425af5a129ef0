"""Validators: by them a client learns whether what it has is still what we have.

RFC 9110, section 8.8, and section 13 for the conditions that clients make of them.
"""

import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate

from fields import Fields

ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
"""entity-tag (RFC 9110, section 8.8.3). The group leaves out what makes it a weak one."""

HTTP_DATE = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
"""The date that everyone writes today, and two old forms that we still read (section 5.6.7)."""


@dataclass(frozen=True)
class Validators:
    """What changes whenever a file does: an entity tag, and a time in whole seconds since 1970."""

    etag: str
    modified: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Validators":
        """From a file's size and time. A time in the future is taken for now (section 8.8.2.1)."""
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        return cls(etag, int(min(status.st_mtime, time.time())))

    def fields(self) -> Fields:
        """As field lines of a response."""
        modified = formatdate(self.modified, usegmt=True)
        return Fields({"ETag": self.etag, "Last-Modified": modified})


def is_not_modified(fields: Fields, validators: Validators) -> bool:
    """Whether the client of a GET or HEAD has the current representation: then 304 is enough.

    If-None-Match lists the entity tags that it has, or says "*" for any. Weak and strong tags
    are compared alike. Only without it does If-Modified-Since count, and only if it is a date:
    unchanged means not modified after it (RFC 9110, sections 13.1.2, 13.1.3 and 13.2.2).
    """
    if "If-None-Match" in fields:
        tags = fields["If-None-Match"]
        return tags == "*" or validators.etag in ENTITY_TAG.findall(tags)
    since = parse_date(fields.get("If-Modified-Since"))
    return since is not None and validators.modified <= since


def parse_date(text: str) -> float | None:
    """Seconds since 1970 of a date in one of the three forms; None for what is no such date."""
    for form in HTTP_DATE:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return None
