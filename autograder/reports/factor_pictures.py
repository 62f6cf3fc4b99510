"""Filter factors as SVG: which share of each singular direction a solution keeps, and should."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from autograder.exhibit import Factors

from .pictures import Drawing, NumberTable

WIDTH, HEIGHT, LABELS = 480, 170, 22
LOWEST, HIGHEST = -0.5, 1.5  # what lies beyond is drawn at the border
LEGEND = "Circles are right, squares on the dashed line are yours."
MOST_SAID = 4
MOST_LABELS = 8


def factors_picture(factors: Factors) -> Drawing:
    """The student's factors beside the right ones, over the singular values by their size."""
    count = len(factors.sigma)
    known = [value for value in factors.got if value is not None]
    low = LOWEST if min(known, default=0.0) < 0 else 0.0
    high = HIGHEST if max(known, default=1.0) > 1 else 1.0

    def at(place: int, value: float) -> tuple[float, float]:
        x = WIDTH * (place + 0.5) / count
        inside = max(low, min(value, high))
        return x, 8 + (HEIGHT - 16) * (1 - (inside - low) / (high - low))

    right = [at(place, value) for place, value in enumerate(factors.right)]
    yours = [at(place, value) for place, value in enumerate(factors.got) if value is not None]
    step = -(-count // MOST_LABELS)
    labels = "".join(
        f'<text x="{at(place, 0)[0]:.1f}" y="{HEIGHT + LABELS - 6}">{sigma:.2g}</text>'
        for place, sigma in enumerate(factors.sigma)
        if place % step == 0
    )
    svg = (
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT + LABELS}" aria-hidden="true">'
        f'<rect class="frame" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}"/>'
        f"{_line(right)}{_dots(right)}{_line(yours, kind='yours')}{_squares(yours)}"
        f"{labels}{_scale(at)}</svg>"
    )
    return Drawing(svg=Markup(svg), words=_words(factors), legend=LEGEND, table=_table(factors))


def _scale(at: Callable[[int, float], tuple[float, float]]) -> str:
    """Where the shares 0 and 1 are."""
    return "".join(
        f'<text x="9" y="{at(0, share)[1] + down:.1f}">{share}</text>'
        for share, down in ((0, -1), (1, 9))
    )


def _line(points: Sequence[tuple[float, float]], *, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline{named} points="{places}"/>'


def _dots(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points)


def _squares(points: Sequence[tuple[float, float]]) -> str:
    return "".join(
        f'<rect class="yourdot" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
        for x, y in points
    )


def _words(factors: Factors) -> str:
    said = (
        "Filter factors: the share of the least-squares solution that is left in each singular"
        " direction, by singular value."
    )
    differs = [
        place for place, one in enumerate(factors.got) if _differs(one, factors.right[place])
    ]
    if not differs:
        return f"{said} They agree: what is wrong is something else, or too small to be seen here."
    parts = [
        f"{_number(factors.got[place])} for {factors.sigma[place]:.3g}"
        f" (right is {factors.right[place]:.3g})"
        for place in differs[:MOST_SAID]
    ]
    more = len(differs) - len(parts)
    return f"{said} Yours differ: {', '.join(parts)}{f', and {more} more' if more else ''}."


def _differs(got: float | None, right: float) -> bool:
    return got is None or abs(got - right) > 1e-3 * max(abs(right), 1e-3)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"


def _table(factors: Factors) -> NumberTable:
    rows = zip(factors.sigma, factors.got, factors.right, strict=True)
    shown = tuple((f"{sigma:.3g}", _number(got), f"{right:.3g}") for sigma, got, right in rows)
    wrong = frozenset(
        (place + 1, 1)
        for place, one in enumerate(factors.got)
        if _differs(one, factors.right[place])
    )
    return NumberTable(rows=(("singular value", "yours", "right"), *shown), marked=wrong)
