"""What can a student's code do with a stand-in? Use it, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from autograder.grading import course_parts
from autograder.results import CheckResult, Report, Status

Graded = Callable[..., Report]
Result = Callable[[Report, str], CheckResult]

WRONG_SHIFT = ("return x + 1", "return x - 1")
WRONG_SCALE = ("    return dout * w\n", "    return dout / w\n")
CHAIN = "    out, cache = scale_forward(x, w)\n    return shift(out), cache\n"


def chain_of(graded: Graded, result: Result, *lines: str) -> CheckResult:
    """The check of `chain`, with these lines in its place and two stand-ins that it calls."""
    body = "".join(f"    {line}\n" for line in lines)
    return result(graded(WRONG_SHIFT, WRONG_SCALE, (CHAIN, body)), "chain")


@pytest.mark.parametrize(
    "arguments",
    [
        "np.zeros((40_000, 40_000), np.uint8)",
        "[0] * 10_000_000",
        "object()",
        "'x' * (1 << 30)",
        "np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 40,), (0,))",
    ],
)
def test_arguments_that_are_too_much_end_the_call(
    graded: Graded, result: Result, arguments: str
) -> None:
    begun = time.monotonic()
    chain = chain_of(graded, result, f"return shift({arguments}), None")
    assert chain.score == 0
    assert time.monotonic() - begun < 60


def test_calls_without_end_end_with_the_budget(
    graded: Graded, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course_parts, "MOST_CALLS", 100)
    chain = chain_of(graded, result, "while True: shift(0.0)")
    assert chain.status is Status.FAILED
    assert "it called the course's parts more than 100 times" in chain.rationale


def test_the_stand_in_knows_nothing_of_the_course(graded: Graded, result: Result) -> None:
    lines = (
        "import dis, io, gc, types",
        "seen = io.StringIO()",
        "dis.dis(shift, file=seen)",
        "code = shift.__code__",
        "said = [seen.getvalue(), code.co_names, code.co_varnames, code.co_filename]",
        "caller = [one for one in code.co_consts if callable(one)]",
        "said += [sorted(dir(caller[0])), caller[0].name, shift.__closure__, shift.__defaults__]",
        "frames = [one for one in gc.get_objects() if isinstance(one, types.FrameType)]",
        "raise RuntimeError(repr([said[1:], len(frames)]))",
    )
    rationale = chain_of(graded, result, *lines).rationale
    assert "RuntimeError: [[(), " in rationale or "RuntimeError: [[('__call__',), " in rationale
    assert "'<the course\\'s>'" in rationale or '"<the course\'s>"' in rationale
    assert not any(text in rationale for text in ("+ 1", "x + ", "/tmp", "autograder"))


def test_an_exception_of_the_course_says_its_type_and_no_more(
    graded: Graded, result: Result
) -> None:
    said = "the course's `shift`, which stands in for yours, raised TypeError"
    chain = chain_of(
        graded,
        result,
        "try: shift('a', 'b', 'c', d=1)",
        f"except TypeError as error: assert str(error) == {said!r}",
        CHAIN.strip().replace("\n    ", "; "),
    )
    assert chain.status is Status.PASSED


def test_what_the_course_keeps_cannot_be_looked_into(graded: Graded, result: Result) -> None:
    lines = ("out, cache = scale_forward(x, w)", "raise RuntimeError(repr((cache, dir(cache))))")
    rationale = chain_of(graded, result, *lines).rationale
    assert "<kept by the course>" in rationale


@pytest.mark.parametrize(
    "lines",
    [
        # A callback that is not asked for, and one for a part that is not replaced.
        ("send(Callback(0, [], {}, {}, []))", "return shift(x * w), None"),
        ("stand_ins.call(7, part, (x,), {})",),
        ("stand_ins.call(-1, part, (x,), {})",),
        # References that the course never gave, and dropping what is not one's own.
        ("send(Callback(0, [Reference(5)], {}, {}, [1, -1, 10**18]))", "return x, None"),
    ],
)
def test_nonsense_is_an_outcome_of_the_students(
    graded: Graded, result: Result, lines: tuple[str, ...]
) -> None:
    chain = chain_of(
        graded,
        result,
        "import gc, os",
        "from autograder.sandbox.messages import Callback, Reference",
        "from autograder.sandbox.stand_ins import StandIns, _Caller",
        "stand_ins = next(o for o in gc.get_objects() if isinstance(o, StandIns))",
        "part = next(o for o in gc.get_objects() if isinstance(o, _Caller))._part",
        "channel = stand_ins._ask.__self__.channel",
        "send = channel.send",
        *lines,
    )
    assert chain.score == 0
    assert chain.status in (Status.FAILED, Status.SKIPPED)


def test_a_call_back_without_a_stand_in_is_nonsense(graded: Graded, result: Result) -> None:
    """In a check that replaces nothing, the judge answers no calls."""
    lines = (
        "    import gc\n"
        "    from autograder.sandbox.messages import Callback\n"
        "    from autograder.sandbox.stand_ins import StandIns\n"
        "    stand_ins = next(o for o in gc.get_objects() if isinstance(o, StandIns))\n"
        "    stand_ins._ask.__self__.channel.send(Callback(0, [], {}, {}, []))\n"
    )
    shift = result(graded(("    return x + 1\n", lines + "    return x + 1\n")), "shift")
    assert shift.rationale.endswith(
        "the process sent nonsense (a call back that nobody asked for)."
    )


def test_a_part_of_the_course_without_a_value_leaves_the_check_skipped(
    graded: Graded, result: Result
) -> None:
    chain = chain_of(graded, result, "return shift('text'), None")
    assert (chain.status, chain.followed) == (Status.SKIPPED, ())


def test_values_cannot_be_carried_to_a_check_of_their_own(graded: Graded, result: Result) -> None:
    """What a stand-in gave in one check is of no use in another: inputs differ."""
    keep = "    np.save('stolen.npy', shift(np.zeros(3)))\n"
    steal = (
        "    import os\n"
        "    if os.path.exists('stolen.npy'): return np.load('stolen.npy')\n"
        "    return x - 1\n"
    )
    report = graded(("    return x + 1\n", steal), (CHAIN, keep + CHAIN))
    assert result(report, "shift").score == 0


def test_a_course_worker_that_ends_is_started_again(graded: Graded, result: Result) -> None:
    """Memory is the course's worker's to lose, and the next check has a new one."""
    grow = "    try: shift(np.zeros(1 << 27, np.uint8).repeat(1))\n    except Exception: pass\n"
    report = graded(WRONG_SHIFT, (CHAIN, grow + CHAIN))
    assert result(report, "all_three").status is Status.PASSED
