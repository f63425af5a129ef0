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

STRONG_TAG = re.compile(r'(?<!W/)"[\x21\x23-\x7e\x80-\xff]*"')
"""An entity tag that promises the same bytes: ours are all of this kind."""

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


def is_forbidden(fields: Fields, current: Validators | None) -> bool:
    """Whether the client forbids us to go on, as things are not as it thinks: then 412.

    If-Match lists entity tags, one of which must be the current one, or says "*" for any; without
    it, If-Unmodified-Since is the date after which nothing may have changed. `current` is None
    where there is nothing yet (RFC 9110, sections 13.1.1, 13.1.4 and 13.2.2).
    """
    if "If-Match" in fields:
        tags = fields["If-Match"]
        known = current is not None and (tags == "*" or current.etag in STRONG_TAG.findall(tags))
        return not known
    since = parse_date(fields.get("If-Unmodified-Since"))
    return since is not None and current is not None and current.modified > since


def parse_date(text: str) -> float | None:
    """Seconds since 1970 of a date in one of the three forms; None for what is no such date.

    `strptime` forgives much. So the date is written again, and must be what was read.
    """
    for form in HTTP_DATE:
        try:
            date = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if date.strftime(form) in (text, text.replace("  ", " 0")):
            return date.timestamp()
    return None
