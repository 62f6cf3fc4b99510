"""The messages of judge and worker, and nothing else: typed, plain data for msgpack."""

from __future__ import annotations

from typing import Literal

import msgspec

from .plain import Array, Value

# --- messages: judge to worker ----------------------------------------------------------------


class Files(msgspec.Struct, frozen=True, tag="files"):
    """Write these files into the working folder."""

    paths: list[str]
    contents: list[Array]


class RunCell(msgspec.Struct, frozen=True, tag="cell"):
    """Run one notebook cell in the namespace of a notebook."""

    notebook: str
    source: str


class ImportModule(msgspec.Struct, frozen=True, tag="import"):
    """Import a module of the submission."""

    name: str


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """Fork a child for one check; it serves the socket that comes with this message."""

    seed: int


class BeginAdopted(msgspec.Struct, frozen=True, tag="begin adopted"):
    """Fork a child for an adopted notebook.

    The student's serves the one socket that comes with this; the judge's gets that to the grader
    and that to the student's.
    """

    seed: int
    judges: bool


class Anew(msgspec.Struct, frozen=True, tag="anew"):
    """Begin another check in this child: forget the objects, and draw from here on."""

    seed: int


class End(msgspec.Struct, frozen=True, tag="end"):
    """Kill the child of the present check, and whatever it started."""


class GetModule(msgspec.Struct, frozen=True, tag="module"):
    """A module of the submission, as a reference."""

    name: str


class GetNotebook(msgspec.Struct, frozen=True, tag="notebook"):
    """The namespace of a notebook, as a reference."""

    name: str


class GetAttribute(msgspec.Struct, frozen=True, tag="getattr"):
    target: int
    name: str


class SetAttribute(msgspec.Struct, frozen=True, tag="setattr"):
    target: int
    name: str
    value: Value


class GetItem(msgspec.Struct, frozen=True, tag="getitem"):
    target: int
    key: Value


class SetItem(msgspec.Struct, frozen=True, tag="setitem"):
    target: int
    key: Value
    value: Value


class Call(msgspec.Struct, frozen=True, tag="call"):
    target: int
    args: list[Value]
    kwargs: dict[str, Value]


class Keep(msgspec.Struct, frozen=True, tag="keep"):
    """Keep a value in the worker, so that later calls share one object."""

    value: Value


class Unpack(msgspec.Struct, frozen=True, tag="unpack"):
    """The elements of a tuple or list, each as a reference."""

    target: int


class Fetch(msgspec.Struct, frozen=True, tag="fetch"):
    """The value behind a reference, if it is plain."""

    target: int


class ReadFile(msgspec.Struct, frozen=True, tag="read"):
    """The content of a file that the student's code has written in the working folder."""

    path: str


class CoursePart(msgspec.Struct, frozen=True):
    """A function or method of an assignment, which the course's own can stand in for.

    Attributes
    ----------
    module : its module, or the notebook that defines it.
    name : its name there, as in ``TwoLayerNet.loss``.
    kind : a ``function`` gets its arguments as they are; a ``method`` also the plain attributes of
        its object, and what it assigns to them is assigned there too; ``glue`` works on objects
        that stay in the student's worker.
    keeps : which items of a function's result, or which attributes of a method's object, stay with
        the course, such as a cache.
    theirs : names that `glue` takes from the student's module of that name.
    """

    module: str
    name: str
    kind: Literal["function", "method", "glue"] = "function"
    notebook: bool = False
    keeps: tuple[int | str, ...] = ()
    theirs: tuple[str, ...] = ()


Use = GetModule | GetAttribute | SetAttribute | GetItem | SetItem | Call | Unpack | Fetch


class StandIn(msgspec.Struct, frozen=True, tag="stand in"):
    """Put callbacks in the place of these parts, in this check alone."""

    parts: list[CoursePart]


class Perform(msgspec.Struct, frozen=True, tag="perform"):
    """Run one of the course's parts; see `Callback`."""

    part: CoursePart
    args: list[Value]
    kwargs: dict[str, Value]
    state: dict[str, Value]
    dropped: list[int]


class CallbackAnswer(msgspec.Struct, frozen=True, tag="answer"):
    """What a part gave: its value and the new values of attributes, or the exception's name."""

    value: Value
    updates: dict[str, Value] = {}
    raised: str = ""


class Relayed(msgspec.Struct, frozen=True, tag="relayed"):
    """What the student's worker replied to a `Relay`."""

    reply: Kept | KeptMany | Fetched | Raised | Refused


Request = (
    Relayed
    | StandIn
    | Perform
    | CallbackAnswer
    | Files
    | RunCell
    | ImportModule
    | Begin
    | BeginAdopted
    | Anew
    | End
    | GetModule
    | GetNotebook
    | GetAttribute
    | SetAttribute
    | GetItem
    | SetItem
    | Call
    | Keep
    | Unpack
    | Fetch
    | ReadFile
)

# --- messages: worker to judge ----------------------------------------------------------------


class Done(msgspec.Struct, frozen=True, tag="done"):
    """It worked, and there is nothing to return."""


class FilesWritten(msgspec.Struct, frozen=True, tag="written"):
    """The files are there, but for those in `left_out`: path and why."""

    left_out: dict[str, str]


class Kept(msgspec.Struct, frozen=True, tag="kept"):
    """It worked; the result stays in the worker behind `handle`. `kind` is its type's name."""

    handle: int
    kind: str


class KeptMany(msgspec.Struct, frozen=True, tag="kept many"):
    """The elements that were asked for."""

    items: list[Kept]


class Fetched(msgspec.Struct, frozen=True, tag="fetched"):
    """The value that was asked for."""

    value: Value


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """The student's code raised; `name` is the exception's type, `bases` those it derives from.

    The rest is its innermost line.
    """

    name: str
    message: str
    file: str = ""
    line: int = 0
    text: str = ""
    bases: tuple[str, ...] = ()

    def is_a(self, name: str) -> bool:
        """Whether an ``except`` clause with that name would catch it."""
        return name == self.name or name in self.bases


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The request cannot be met: the value is not plain, or there is no such thing."""

    kind: str
    reason: str


class Callback(msgspec.Struct, frozen=True, tag="callback"):
    """Called while a request is still unanswered: something of the judge's side, by its number.

    `state` are the plain attributes of a method's object, `dropped` the references to what stays
    on the judge's side that are no longer held here. An `CallbackAnswer` is waited for.
    """

    target: int
    args: list[Value]
    kwargs: dict[str, Value]
    state: dict[str, Value]
    dropped: list[int]


class Relay(msgspec.Struct, frozen=True, tag="relay"):
    """The course's glue asks this of an object of the student's. A `Relayed` is waited for."""

    request: Use


Reply = (
    Relay
    | Callback
    | CallbackAnswer
    | Done
    | FilesWritten
    | Kept
    | KeptMany
    | Fetched
    | Raised
    | Refused
)
