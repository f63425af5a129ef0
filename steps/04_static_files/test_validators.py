"""Exercise 04.4: whether what the client has is still what we have."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from fields import Fields
from validators import ENTITY_TAG, Validators, is_forbidden, is_not_modified, parse_date

OURS = Validators('"4f-2a"', 784111777)
"""Of a file that was modified on Sun, 06 Nov 1994 08:49:37 GMT."""

SAME_SECOND = {
    "IMF-fixdate": "Sun, 06 Nov 1994 08:49:37 GMT",
    "RFC 850": "Sunday, 06-Nov-94 08:49:37 GMT",
    "asctime": "Sun Nov  6 08:49:37 1994",
}
"""One second in the three forms that HTTP knows (RFC 9110, section 5.6.7)."""

NO_DATES = {
    "nothing": "",
    "a word": "yesterday",
    "a number": "784111777",
    "no time": "Sun, 06 Nov 2094",
    "no seconds": "Sat, 06 Nov 2094 08:49 GMT",
    "no zone": "Sat, 06 Nov 2094 08:49:37",
    "another zone": "Sat, 06 Nov 2094 08:49:37 EST",
    "an offset": "Sat, 06 Nov 2094 08:49:37 +0000",
    "ISO 8601": "2094-11-06T08:49:37Z",
    "no such day": "Sat, 31 Feb 2094 08:49:37 GMT",
    "no such hour": "Sat, 06 Nov 2094 25:49:37 GMT",
    "no such month": "Sat, 06 Foo 2094 08:49:37 GMT",
    "two dates": "Sat, 06 Nov 2094 08:49:37 GMT, Sat, 06 Nov 2094 08:49:37 GMT",
}
"""None of them is an HTTP-date, though some would be readable."""

HAS_OURS = {
    "alone": '"4f-2a"',
    "weak": 'W/"4f-2a"',
    "any": "*",
    "last of two": '"1", "4f-2a"',
    "first, without space": '"4f-2a","1"',
    "weak, in a list": '"1" , W/"2",,W/"4f-2a"',
    "behind one with a comma": '"a, b", "4f-2a"',
}
"""If-None-Match of a client that has what we have, whose tag is "4f-2a"."""

HAS_ANOTHER = {
    "another": '"4f-2b"',
    "two others": '"1", W/"2"',
    "one that begins like ours": '"4f-2a0"',
    "one that ends like ours": '"04f-2a"',
    "one with ours inside": '"x 4f-2a x"',
    "another case": '"4F-2A"',
    "without quotes": "4f-2a",
    "empty": '""',
    "star in quotes": '"*"',
    "star within one": '"1, *"',
}
"""If-None-Match of a client that has something else, or makes no sense."""


def conditions(*values: str, since: str | None = None) -> Fields:
    """Field lines of a request: If-None-Match once for each value, and If-Modified-Since."""
    lines = [("If-None-Match", value) for value in values]
    return Fields(lines + ([("If-Modified-Since", since)] if since is not None else []))


@pytest.mark.exercise("04.4")
class TestIsNotModified:
    def test_no_conditions(self):
        """A request without conditions wants the file, always."""
        assert not is_not_modified(Fields({"Host": "a", "ETag": '"4f-2a"'}), OURS)

    @pytest.mark.parametrize("kind", HAS_OURS)
    def test_client_has_ours(self, kind):
        """304 where the list in If-None-Match has our tag, weak or not, or is "*" (13.1.2)."""
        assert is_not_modified(conditions(HAS_OURS[kind]), OURS)

    @pytest.mark.parametrize("kind", HAS_ANOTHER)
    def test_client_has_another(self, kind):
        """No 304 where our tag is not in the list: a tag is compared whole, with its quotes."""
        assert not is_not_modified(conditions(HAS_ANOTHER[kind]), OURS)

    def test_tag_with_a_comma(self):
        """A comma may stand within a tag: the list is not to be cut at every comma (8.8.3)."""
        ours = Validators('"a,b"', 0)
        assert is_not_modified(conditions('"1", "a,b"'), ours)
        assert not is_not_modified(conditions('"a", "b"'), ours)

    def test_list_on_several_lines(self):
        """A list may come on several field lines: they mean one list (section 5.3)."""
        assert is_not_modified(conditions('"1"', '"4f-2a"', '"3"'), OURS)

    def test_any_tag(self, rng):
        """Any tag that we give is recognised when it comes back, and no other."""
        for _ in range(20):
            ours, other = (Validators(f'"{rng.randrange(2**40):x}"', 0) for _ in range(2))
            assert is_not_modified(conditions(f'"1", {ours.etag}'), ours)
            assert not is_not_modified(conditions(ours.etag), other)

    @pytest.mark.parametrize("form", SAME_SECOND)
    def test_not_modified_since(self, form):
        """304 where the file is as old as the date in If-Modified-Since, in any form (13.1.3)."""
        assert is_not_modified(conditions(since=SAME_SECOND[form]), OURS)

    def test_seconds_count(self, rng):
        """One second decides: modified after the date means 200, at it or before it 304."""
        when = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(10**8))
        date = f"{when:%a, %d %b %Y %H:%M:%S GMT}"
        for seconds, expected in ((-3600, True), (-1, True), (0, True), (1, False), (9999, False)):
            ours = Validators('"1"', int(when.timestamp()) + seconds)
            assert is_not_modified(conditions(since=date), ours) == expected, (
                f"modified {seconds} seconds after If-Modified-Since"
            )

    @pytest.mark.parametrize("kind", NO_DATES)
    def test_no_date_is_ignored(self, kind):
        """If-Modified-Since that is no HTTP-date must be ignored: the file is sent (13.1.3)."""
        assert not is_not_modified(conditions(since=NO_DATES[kind]), OURS)

    def test_tag_goes_before_the_date(self):
        """With If-None-Match there, If-Modified-Since must be ignored: tags know more (13.1.3)."""
        unchanged, changed = SAME_SECOND["IMF-fixdate"], "Sun, 06 Nov 1994 08:49:36 GMT"
        assert not is_not_modified(conditions('"other"', since=unchanged), OURS)
        assert is_not_modified(conditions('"4f-2a"', since=changed), OURS)
        assert is_not_modified(conditions("*", since="garbage"), OURS)


@pytest.mark.parametrize("form", SAME_SECOND)
def test_three_forms_of_date(form):
    """A date in any of the three forms is the same second, in UTC (RFC 9110, section 5.6.7)."""
    assert parse_date(SAME_SECOND[form]) == 784111777


def test_strict_dates():
    """What is not to the letter one of the three forms is no date (RFC 9110, section 5.6.7)."""
    assert parse_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777
    for text in (
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun,  06  Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
    ):
        assert parse_date(text) is None, text


class TestIsForbidden:
    """If-Match and If-Unmodified-Since: go on only if things are as the client thinks."""

    OURS = Validators('"a,b"', 784111777)

    @pytest.mark.parametrize(
        "tags, forbidden",
        [
            ('"a,b"', False),
            ('"c", "a,b"', False),
            ("*", False),
            ('"c"', True),
            ('W/"a,b"', True),
            ("", True),
        ],
    )
    def test_if_match(self, tags, forbidden):
        """One of the tags must be ours, and strong (RFC 9110, section 13.1.1)."""
        assert is_forbidden(Fields({"If-Match": tags}), self.OURS) == forbidden
        assert is_forbidden(Fields({"If-Match": tags}), None)

    @pytest.mark.parametrize(
        "date, forbidden",
        [
            ("Sun, 06 Nov 1994 08:49:36 GMT", True),
            ("Sun, 06 Nov 1994 08:49:37 GMT", False),
            ("yesterday", False),
        ],
    )
    def test_if_unmodified_since(self, date, forbidden):
        """What changed after the date is not to be touched (RFC 9110, section 13.1.4)."""
        fields = Fields({"If-Unmodified-Since": date})
        assert is_forbidden(fields, self.OURS) == forbidden
        assert not is_forbidden(fields, None)
        fields["If-Match"] = '"a,b"'
        assert not is_forbidden(fields, self.OURS), "If-Match goes before it (13.2.2)"


def test_year_of_two_digits():
    """A year of two digits is never more than fifty years ahead (RFC 9110, section 5.6.7)."""
    assert parse_date("Saturday, 06-Nov-99 08:49:37 GMT") == 941878177
    assert parse_date("Thursday, 06-Nov-25 08:49:37 GMT") == 1762418977


def test_tag_changes_with_the_file(tmp_path, rng):
    """The tag changes when the size or the time does, and only then (RFC 9110, section 8.8.3)."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"12345")
    moment = rng.randrange(10**18, 1_500_000_000 * 10**9)
    os.utime(file, ns=(0, moment))
    before = Validators.of(file.stat())
    assert ENTITY_TAG.fullmatch(before.etag)
    assert Validators.of(file.stat()) == before
    os.utime(file, ns=(0, moment + 1_000_000))
    assert Validators.of(file.stat()).etag != before.etag
    file.write_bytes(b"123456")
    os.utime(file, ns=(0, moment))
    assert Validators.of(file.stat()).etag != before.etag


def test_last_modified(tmp_path):
    """Last-Modified is the file's time in IMF-fixdate (RFC 9110, section 8.8.2)."""
    os.utime(tmp_path, (0, 784111777.9))
    fields = Validators.of(tmp_path.stat()).fields()
    assert fields["Last-Modified"] == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert fields["ETag"] == Validators.of(tmp_path.stat()).etag


def test_file_from_the_future(tmp_path):
    """A file that says it is from the future was modified now (RFC 9110, section 8.8.2.1)."""
    os.utime(tmp_path, (0, time.time() + 10**6))
    assert Validators.of(tmp_path.stat()).modified <= time.time()
