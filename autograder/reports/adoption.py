"""What an instructor reads about an adopted assignment: where test cells run, what they catch."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from autograder.adopted import AdoptedCell, AdoptedRecord, Route

OUTSIDE = "outside"
INSIDE = "inside: can be forged"
NOTHING = "tests nothing"
WEAK = (
    "{notebook}/{id} passes with every broken solution ({tried}): it tests nothing. Add an"
    " assertion about a value."
)
WHY = "{notebook}/{id} runs inside the student's process and can be read and forged. {reason}"

FORGEABLE = (
    "The points of {notebook}/{id} can be forged: the cell runs inside the student's process."
    " {watched}"
)
WATCHED = "Whoever also passes where nothing can is left to a person; other forgeries are not seen."
UNWATCHED = "No forgery of it is seen."


def forgeable(record: AdoptedRecord | None) -> tuple[str, ...]:
    """What an instructor is told beside the results of a class: a sentence for each such cell."""
    cells = () if record is None else record.cells
    return tuple(
        FORGEABLE.format(
            notebook=cell.notebook, id=cell.id, watched=WATCHED if cell.watched else UNWATCHED
        )
        for cell in cells
        if cell.route is Route.INSIDE
    )


def adopted_table(record: AdoptedRecord) -> Table:
    """A row for each test cell."""
    table = Table("notebook", "test cell", "points", "runs", "catches", box=None, pad_edge=False)
    for cell in record.cells:
        caught = f"{len(cell.caught)} of {len(cell.tried)}"
        table.add_row(cell.notebook, cell.id, f"{cell.points:g}", verdict(cell), caught)
    return table


def verdict(cell: AdoptedCell) -> str:
    """One of `outside`, `inside: can be forged` and `tests nothing`."""
    if cell.tests_nothing:
        return NOTHING
    return INSIDE if cell.route is Route.INSIDE else OUTSIDE


def adopted_notes(record: AdoptedRecord) -> Iterator[str]:
    """A sentence for each cell that is not as it should be, with the change that would help."""
    for cell in record.cells:
        place = {"notebook": cell.notebook, "id": cell.id}
        if cell.route is Route.INSIDE:
            yield f"{WHY.format(**place, reason=cell.reason)} {cell.change}".strip()
        if cell.tests_nothing:
            yield WEAK.format(**place, tried=", ".join(cell.tried))
