"""Office packages with the same bytes for the same content.

In:  the bytes of a PPTX, whose parts and embedded workbooks carry the time of writing.
Out: the same package, its entries in order, all of one time, whether or not
     ``SOURCE_DATE_EPOCH`` is set: results carry their own window.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The time at which every package says that it was written."""

_WORKBOOK = re.compile(r".*\.xlsx$")
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_FIRST = "[Content_Types].xml"


def reproducible(package: bytes) -> bytes:
    """Return a package without the time at which it was written."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in sorted(old.namelist(), key=lambda one: (one != _FIRST, one)):
            content = old.read(name)
            if _WORKBOOK.match(name):
                content = reproducible(content)
            elif name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>%s\g<3>" % _written(), content)
            entry = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return stream.getvalue()


def _written() -> bytes:
    return EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
