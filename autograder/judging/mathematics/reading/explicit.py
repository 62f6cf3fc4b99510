"""Whether an answer is solved for its name: w = …, and no equation for w or between two others."""

from __future__ import annotations

from .errors import Implicit, MathematicsError, UnknownSymbol, Unreadable
from .labels import is_label
from .render import plain_name
from .statements import Formula, Segment


def unsolved(read: Formula, name: str) -> Implicit | None:
    """The error for A = B where neither side is a name, so that it says of nothing what it is."""
    segments = read.statements[-1].segments
    equal = len(segments) > 1 and all(segment.relation == "=" for segment in segments[1:])
    if not equal or any(_is_named(read, segment) for segment in segments):
        return None
    return Implicit(
        f"This is an equation between two expressions; what is asked for is {name}.",
        start=segments[0].start,
        end=segments[-1].end,
        help=f"Give it alone, as in {name} = ...",
    )


def _is_named(read: Formula, segment: Segment) -> bool:
    """Whether a side is a name, of the answer or of anything else."""
    first, *marks = segment.tokens
    single = first.kind in {"name", "letter", "word"} and all(t.kind == "sub" for t in marks)
    return single or is_label(read, segment)


def refuse_name_alone(read: Formula, segment: Segment) -> None:
    """Raise `Unreadable` for w_{OLS}, which is a name and no value."""
    if segment.tokens[-1].kind != "sub" or not is_label(read, segment):
        return
    try:
        read.expression(segment)
    except MathematicsError:
        raise Unreadable(
            "This only names the answer.",
            start=segment.start,
            end=segment.end,
            help="Say what it is, as in w = X^T y.",
        ) from None


def check_explicit(read: Formula, segment: Segment) -> tuple[str, ...]:
    """Refuse (…) w = …, where the unknown is not alone; note a side that is not read."""
    names = {label[0] for label in read.declared.labels if len(label) == 1}
    unknown = {t.text for t in segment.tokens} & names
    if unknown and len(segment.tokens) > 1:
        name = plain_name(sorted(unknown)[0])
        raise Implicit(
            f"This is an equation for {name}, not yet {name} itself.",
            start=segment.start,
            end=segment.end,
            help=f"Solve it, so that {name} stands alone: {name} = ...",
        )
    try:
        read.expression(segment)
    except UnknownSymbol as error:
        return (f"The left side {read.source(segment)!r} is not read: {error.message}",)
    except MathematicsError:
        return (f"The side {read.source(segment)!r} is not read.",)
    return ()
