"""``marks.csv`` as people write it: rows are read with their lines, and added at the end.

Knows columns and cells, and not which students, checks and points there are.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from autograder.tables import Decoded, decoded, harmless, plain, separator

COLUMNS = ("student", "check", "points", "by", "why")

NOT_READ = "{path} cannot be read: {reason}."
NO_COLUMN = (
    "{path}, line {line}: there is no column {missing}. The first line has to name the columns"
    " student, check, points, by and why."
)
TWO_COLUMNS = "{path}, line {line}: there are two columns {column}. Remove one."
TOO_MANY = (
    "{path}, line {line}: there are {count} cells, and {columns} columns. Put a text that has a"
    " `{separator}` in it between double quotes."
)
NOT_CSV = (
    "{path}, line {line}: {reason}. Put a text with quotes in it between double quotes, and double"
    ' the quotes inside it: "the ""last"" row".'
)
NOT_IN_ENCODING = (
    "{path} is in the encoding {encoding}, which has no {character!r}. Save it as UTF-8 first."
)


class MarksError(UserError, ValueError):
    """``marks.csv`` or what was to be added to it is wrong; the message names line and remedy."""


@dataclass(frozen=True, kw_only=True)
class MarkRow:
    """One row: the line that it begins in, and its cells without the spaces around them."""

    line: int
    student: str
    check: str
    points: str
    by: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The rows of the file in order, and how it is written, so that a row can be added."""

    path: Path
    rows: tuple[MarkRow, ...] = ()
    columns: tuple[str, ...] = COLUMNS
    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"


def read_sheet(path: Path) -> Sheet:
    """The file, or a sheet without rows where there is none.

    Raises
    ------
    MarksError : it cannot be read, a column is missing, or a row has more cells than columns.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Sheet(path=path)
    except OSError as error:
        raise MarksError(NOT_READ.format(path=path, reason=error.strerror or error)) from error
    return sheet_of(data, path)


def sheet_of(data: bytes, path: Path) -> Sheet:
    """The sheet that content is; `path` is named in messages. Raises `MarksError`."""
    found = decoded(data)
    parted = _separator(found)
    lines = list(_lines(found, parted, path))
    if not lines:
        return Sheet(path=path, encoding=found.encoding)
    (line, head), *rest = lines
    columns = tuple(plain(cell) for cell in head)
    _refuse_columns(columns, line, path)
    for number, cells in rest:
        if any(cell.strip() for cell in cells[len(columns) :]):
            said = {"line": number, "count": len(cells), "columns": len(columns)}
            raise MarksError(TOO_MANY.format(path=path, separator=parted, **said))
    rows = tuple(_row(number, dict(zip(columns, cells, strict=False))) for number, cells in rest)
    return Sheet(
        path=path,
        rows=rows,
        columns=columns,
        separator=parted,
        encoding=found.encoding,
        newline="\r\n" if "\r\n" in found.text else "\n",
    )


def append_row(path: Path, cells: Mapping[str, str]) -> int:
    """Add a row at the end of the file, which is made where there is none, and return its line.

    What is there already stays byte for byte; two people who add at once both have their rows.

    Raises
    ------
    MarksError : see `with_row`.
    OSError : nothing can be written; the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = file.read()
        after = with_row(before, path, cells)
        try:
            file.write(after[len(before) :])
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, len(before))
            raise
    return sheet_of(after, path).rows[-1].line


def with_row(data: bytes, path: Path, cells: Mapping[str, str]) -> bytes:
    """The content of the file with one more row, written as the others are.

    Parameters
    ----------
    cells : by column; what a spreadsheet would take for a formula is written with ``'`` before it.

    Raises
    ------
    MarksError : the file is wrong, or its encoding has no such characters.
    """
    sheet, text = sheet_of(data, path), decoded(data).text
    begin = sheet.newline if text and not text.endswith(("\n", "\r")) else ""
    head = "" if text.strip() else _line(sheet, COLUMNS)
    own = [_cell(column, cells.get(column, ""), sheet) for column in sheet.columns]
    return data + _encoded(sheet, begin + head + _line(sheet, own))


def _cell(column: str, text: str, sheet: Sheet) -> str:
    """A cell as the file's spreadsheet reads it: where ``;`` parts cells, 1.5 would be a date."""
    if column == "points" and re.fullmatch(r"[+-]?[0-9]+([.][0-9]+)?", text):
        return text.replace(".", ",") if sheet.separator == ";" else text
    return harmless(text, keep="\n\t")


def _line(sheet: Sheet, cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=sheet.separator, lineterminator=sheet.newline).writerow(cells)
    return buffer.getvalue()


def _encoded(sheet: Sheet, text: str) -> bytes:
    try:
        return text.encode(sheet.encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        said = NOT_IN_ENCODING.format(path=sheet.path, encoding=sheet.encoding, character=character)
        raise MarksError(said) from error


def _separator(found: Decoded) -> str:
    """What parts cells; Excel may say so in a line of its own, ``sep=;``."""
    first = found.text.lstrip("\r\n").partition("\n")[0].strip()
    own = first[4:] if first.casefold().startswith("sep=") else ""
    return own if len(own) == 1 else separator(found.text)


def _lines(found: Decoded, parted: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row that has something in it, with the line that it begins in."""
    reader = csv.reader(io.StringIO(found.text, newline=""), delimiter=parted, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not _says_separator(cells, begins):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise MarksError(NOT_CSV.format(path=path, line=begins, reason=error)) from error


def _says_separator(cells: Sequence[str], line: int) -> bool:
    return line == 1 and cells[0].casefold().startswith("sep=")


def _refuse_columns(columns: Sequence[str], line: int, path: Path) -> None:
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        named = " and ".join(f"`{column}`" for column in missing)
        raise MarksError(NO_COLUMN.format(path=path, line=line, missing=named))
    for column in COLUMNS:
        if columns.count(column) > 1:
            raise MarksError(TWO_COLUMNS.format(path=path, line=line, column=f"`{column}`"))


def _row(line: int, cells: Mapping[str, str]) -> MarkRow:
    own = {column: cells.get(column, "").strip() for column in COLUMNS}
    return MarkRow(line=line, **own)
