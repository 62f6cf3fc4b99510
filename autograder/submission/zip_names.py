"""Names in a zip's table of contents that say they are UTF-8 and are not, or the other way round.

Python's `zipfile` refuses a whole zip for one of the first kind, and with it everybody in a
class's; of the second kind it makes other names.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

_END, _END_SIZE = b"PK\x05\x06", 22
_LINE, _LINE_SIZE = b"PK\x01\x02", 46
_MEMBER = b"PK\x03\x04"
_UTF8 = 0x800


def name_of(member: zipfile.ZipInfo) -> str:
    """A member's name; many programs write UTF-8 and do not say so, as rubyzip and older Macs do.

    >>> name_of(zipfile.ZipInfo("Zo├⌐")), name_of(zipfile.ZipInfo("Zoé"))
    ('Zoé', 'Zoé')
    """
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def with_legible_names(data: bytes) -> bytes:
    """The same zip, in which such names are read as the bytes of an old code page."""
    mended = bytearray(data)
    end = data.rfind(_END)
    if end < 0 or end + _END_SIZE > len(data):
        return data
    size, offset = struct.unpack_from("<II", data, end + 12)
    begin = end - size
    for place in _lines(data, begin, end):
        length = struct.unpack_from("<H", data, place + 28)[0]
        name = data[place + _LINE_SIZE : place + _LINE_SIZE + length]
        if not _is_utf8(name):
            # The member says the same once more; what stands before the whole zip shifts it.
            member = struct.unpack_from("<I", data, place + 42)[0] + begin - offset
            _clear(mended, place + 8)
            if member >= 0 and data[member : member + 4] == _MEMBER and member + 8 <= begin:
                _clear(mended, member + 6)
    return bytes(mended)


def _lines(data: bytes, place: int, end: int) -> Iterator[int]:
    """Where the lines of the table of contents begin: it stands before the zip's last record."""
    while 0 <= place <= end - _LINE_SIZE and data[place : place + 4] == _LINE:
        yield place
        place += _LINE_SIZE + sum(struct.unpack_from("<HHH", data, place + 28))


def _clear(data: bytearray, place: int) -> None:
    flags = struct.unpack_from("<H", data, place)[0]
    struct.pack_into("<H", data, place, flags & ~_UTF8)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
