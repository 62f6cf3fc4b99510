"""The zips in a student's folder as more of that student's files, beside those that lie there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .archive import Archive, archive_in
from .model import Bounds
from .trees import Entry, Found, Remark, shown

_NESTED = 3  # a zip in a zip in a zip is looked into
_MOST = 8
TOO_MANY = "`{path}` was not opened: only {most} zips of one submission are."
TOO_DEEP = "`{path}` was not opened: it lies in more than two other zips. Hand in the files in it."


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """The files that lie in one place; `zip` is the path of the archive, empty for the folder."""

    zip: str
    found: Found


def parcels(found: Found, given: Collection[str], bounds: Bounds) -> list[Parcel]:
    """The files that lie in the folder, and then those of each zip in it, the newest first.

    Parameters
    ----------
    given : the released paths; a zip that was handed out is not opened.
    """
    packed = list(_opened(found, given, bounds, _NESTED))
    # What a zip says of itself does not change when it is copied, as the time of a file does.
    packed.sort(key=lambda one: (one[1].newest, _natural(one[0])), reverse=True)
    late = [Remark(path="", text=TOO_MANY.format(path=shown(path), most=_MOST))
            for path, _ in packed[_MOST:]]  # fmt: skip
    loose = [entry for entry in found.entries if not _is_zip(entry, given)]
    remarks = [*found.remarks, *late]
    folder = Parcel(zip="", found=Found(entries=loose, remarks=remarks))
    return [folder, *(Parcel(zip=path, found=one.scan(bounds)) for path, one in packed[:_MOST])]


def _opened(
    found: Found, given: Collection[str], bounds: Bounds, levels: int
) -> Iterator[tuple[str, Archive]]:
    zips = [entry for entry in found.entries if _is_zip(entry, given)]
    for entry in zips[: 2 * _MOST]:
        if not levels:
            text = TOO_DEEP.format(path=shown(entry.path))
            yield entry.path, Archive({}, (Remark(path="", text=text),))
            continue
        archive = archive_in(entry, bounds)
        yield entry.path, archive
        inside = _opened(archive.scan(bounds), given, bounds, levels - 1)
        yield from ((f"{entry.path}/{path}", inner) for path, inner in inside)


def _is_zip(entry: Entry, given: Collection[str]) -> bool:
    path = entry.path
    handed_out = any(path == one or path.endswith("/" + one) for one in given)
    return path.casefold().endswith(".zip") and not handed_out


def _natural(path: str) -> list[tuple[int, str]]:
    """A key by which `hw (10).zip` comes after `hw (2).zip`."""
    return [(int(part[:9]), "") if part.isdecimal() else (0, part)
            for part in re.split(r"(\d+)", path)]  # fmt: skip
