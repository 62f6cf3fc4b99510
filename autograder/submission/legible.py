"""A student's sources as UTF-8 that Python and JSON can read, whatever an editor made of them.

Text that was only wrapped badly counts in full; where nothing can be read, a sentence says why.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

from .outputs import without_outputs, without_pictures
from .trees import too_large

_AGAIN = "Save it as UTF-8."
_DOWNLOAD = "Save it in Jupyter once more, and hand in the file itself (File > Download)."
_BROKEN = "`{path}` cannot be read: {reason}. " + _DOWNLOAD
_OTHER_KIND = "`{path}` cannot be read: it is {kind}, and no {wanted}. Hand in the file itself."
_PICTURES = "The pictures that were pasted into `{path}` were left out: they are too large."
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),  # before UTF-16, whose mark it begins with
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_KINDS = (  # how files begin that some have only renamed
    (b"PK\3\4", "a zip"),
    (b"\x1f\x8b", "a gzip file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a text with formatting (RTF)"),
    (b"\xd0\xcf\x11\xe0", "a Word document"),
    (b"version https://git-lfs", "a pointer of Git LFS"),
    (b"bplist00", "a placeholder of a Mac"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_PAGES = (b"<!doctype html", b"<html")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
_CELLS = re.compile(r'"cells"\s*:\s*\[\s*')
_CONFLICT = re.compile(r"^[ \t]*<{7} ", re.MULTILINE)


class IllegibleError(Exception):
    """There is nothing to be read in a file; the message is a sentence for its owner."""


@dataclass(frozen=True, kw_only=True)
class Legible:
    """What is taken of a file, and what its owner should know about it."""

    data: bytes
    notes: tuple[str, ...] = ()


def legible(path: str, data: bytes, *, most: int | None = None) -> Legible:
    """A module, or a notebook without its outputs, as it can be read; any other file as it is.

    Parameters
    ----------
    most : the bytes that a notebook may have when its outputs are gone.

    Raises
    ------
    IllegibleError : it is empty, too large, or a notebook without cells that could be read.
    """
    if not path.endswith((".py", ".ipynb")):
        return Legible(data=data)
    _refuse_other_kinds(path, data)
    text, note = _as_utf8(path, data)
    if not text.removeprefix(codecs.BOM_UTF8).strip():
        raise IllegibleError(f"`{path}` is empty: hand in the file that you worked on.")
    read = _notebook(path, text, most) if path.endswith(".ipynb") else Legible(data=text)
    return Legible(data=read.data, notes=(*note, *read.notes))


def _refuse_other_kinds(path: str, data: bytes) -> None:
    """Refuse a file that has nothing but the name of a module or notebook."""
    notebook = path.endswith(".ipynb")
    kind = next((kind for begin, kind in _KINDS if data.startswith(begin)), "")
    if not notebook and data[:100].lstrip().lower().startswith(_PAGES):
        kind = "a web page"
    if kind:
        wanted = "notebook" if notebook else "Python file"
        raise IllegibleError(_OTHER_KIND.format(path=path, kind=kind, wanted=wanted))


def _as_utf8(path: str, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    encoding = _wide(data)
    if encoding:
        plain = data.decode(encoding, "replace").lstrip("\ufeff").replace("\0", "").encode()
        return plain, (f"`{path}` is in {encoding[:6].upper()} and was read as such. {_AGAIN}",)
    if b"\0" in data:
        note = f"`{path}` has NUL bytes in it, which were left out. Save it again."
        plain, more = _as_utf8(path, data.replace(b"\0", b""))
        return plain, (note, *more) if plain.strip() else more
    if _is_utf8(data) or (path.endswith(".py") and _names_its_encoding(data)):
        return data, ()
    plain = data.decode("cp1252", "replace").encode()
    return plain, (f"`{path}` is not UTF-8 and was read as Windows-1252. {_AGAIN}",)


def _wide(data: bytes) -> str:
    """The encoding of two or four bytes to a character, by its mark or by where the NULs are."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    half = len(data) // 2
    if half and data[1::2].count(0) > 0.8 * half and data[::2].count(0) < 0.2 * half:
        return "utf-16-le"
    if half and data[::2].count(0) > 0.8 * half and data[1::2].count(0) < 0.2 * half:
        return "utf-16-be"
    return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _names_its_encoding(source: bytes) -> bool:
    return any(_COOKIE.match(line) for line in source.split(b"\n", 2)[:2])


def _notebook(path: str, written: bytes, most: int | None) -> Legible:
    content = without_outputs(written)
    notes: tuple[str, ...] = ()
    if most is not None and len(content) > most:
        content = without_pictures(content)
        notes = (_PICTURES.format(path=path),)
        if len(content) > most:
            raise IllegibleError(too_large(path, len(content), most))
    text = content.decode("utf-8-sig", "replace")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return _rescued(path, text, error)
    except (RecursionError, ValueError) as error:  # a number of thousands of digits, for example
        raise _illegible(path, "it is JSON that no program could read") from error
    sheets = [data, *_list(data, "worksheets")]
    if not any(_list(sheet, "cells") for sheet in sheets):
        raise _illegible(path, "it is JSON, but has no cells")
    return Legible(data=content, notes=(*notes, *_language(path, data)))


def _rescued(path: str, text: str, error: json.JSONDecodeError) -> Legible:
    """The complete cells of a notebook that was cut off, or broken by hand."""
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise _illegible(path, "it is a web page") from error
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.end()) + 1
        raise _illegible(path, f"line {line} has the marks of an unfinished merge") from error
    cells = _complete_cells(text)
    if not cells:
        reason = f"it is not JSON (line {error.lineno}: {error.msg.lower()})"
        raise _illegible(path, reason) from error
    note = (
        f"`{path}` is broken at line {error.lineno}; only what stands before it could be read, "
        f"{len(cells)} cells. {_DOWNLOAD}"
    )
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Legible(data=json.dumps(whole).encode(), notes=(note,))


def _complete_cells(text: str) -> list[Any]:
    start = _CELLS.search(text)
    place = start.end() if start else len(text)
    cells: list[Any] = []
    decoder = json.JSONDecoder()
    while place < len(text):
        try:
            cell, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        cells.append(cell)
        between = re.compile(r"\s*,\s*").match(text, place)
        if between is None:
            break
        place = between.end()
    return cells


def _language(path: str, data: Any) -> tuple[str, ...]:
    metadata = data.get("metadata") if isinstance(data, dict) else None
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if not isinstance(language, str) or language.casefold() in ("", "python", "ipython"):
        return ()
    return (f"`{path}` is set to the language {language[:20]!r}; it was run as Python.",)


def _list(data: object, key: str) -> list[Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _illegible(path: str, reason: str) -> IllegibleError:
    return IllegibleError(_BROKEN.format(path=path, reason=reason))
