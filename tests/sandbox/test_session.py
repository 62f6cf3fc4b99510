"""Does a worker run what it is given, survive it, and leave nothing behind?"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from autograder import checks
from autograder.sandbox import landlock
from autograder.sandbox.faults import CodeRaised, Ended, NotDefined, NotPlain, OutOfTime
from autograder.sandbox.launcher import close_templates
from autograder.sandbox.levels import (
    UnavailableLevelError,
    UnknownLevelError,
    diagnose,
    get_level,
    make_ready,
)
from autograder.sandbox.limits import Limits
from autograder.sandbox.messages import Raised
from autograder.sandbox.remote import Conversation, Student, fetch, label
from autograder.sandbox.session import CheckChannel, LostError, SandboxError, Session

SLEEP = str(100_000 + os.getpid())  # tells the processes of this run from those of another
Open = Callable[[Mapping[str, str]], Student]


def soon(seconds: float = 10) -> float:
    return time.monotonic() + seconds


def in_module(student_of: Open, source: str) -> Student:
    return student_of({"nn/__init__.py": "", "nn/code.py": source})


# --- calls ------------------------------------------------------------------------------------


def test_a_call_returns_what_the_function_computes(student_of: Open) -> None:
    student = in_module(student_of, "def double(x, by=2):\n    return x * by, {'kept': x}")
    out, cache = student.code.double(np.arange(3.0), by=4)
    np.testing.assert_array_equal(fetch(out), [0, 4, 8])
    assert fetch(cache["kept"]).tolist() == [0, 1, 2]


def test_objects_stay_in_the_worker_between_calls(student_of: Open) -> None:
    source = """
class Counter:
    def __init__(self): self.seen = []
    def add(self, x): self.seen.append(x); return self
"""
    counter = in_module(student_of, source).code.Counter()
    counter.add(1).add("two")
    assert fetch(counter.seen) == [1, "two"]
    counter.seen = [5]
    assert fetch(counter.seen[0]) == 5
    counter.seen[0] = 6
    assert fetch(counter.seen) == [6]
    with pytest.raises(NotPlain, match="Counter"):
        fetch(counter)


def test_two_calls_share_a_value_that_was_sent(student_of: Open) -> None:
    student = in_module(student_of, "def change(x):\n    x += 1\n    return x")
    sent = student.send(np.zeros(2), "x")
    student.code.change(sent)
    assert fetch(sent).tolist() == [1, 1]


def test_an_exception_comes_with_the_students_own_line(student_of: Open) -> None:
    student = in_module(student_of, "def f(x):\n    return x / 0\n")
    with pytest.raises(CodeRaised) as caught:
        student.code.f(1)
    assert caught.value.error == Raised(
        "ZeroDivisionError",
        "division by zero",
        "nn/code.py",
        2,
        "return x / 0",
        ("ArithmeticError", "Exception", "BaseException", "object"),
    )
    assert caught.value.error.is_a("ArithmeticError")
    assert not caught.value.error.is_a("ValueError")


@pytest.mark.parametrize("statement", ["raise SystemExit(0)", "raise KeyboardInterrupt"])
def test_exceptions_that_end_programs_end_only_the_call(student_of: Open, statement: str) -> None:
    student = in_module(student_of, f"def f():\n    {statement}\ndef g():\n    return 1")
    with pytest.raises(CodeRaised):
        student.code.f()
    assert fetch(student.code.g()) == 1


def test_a_missing_name_is_told_from_an_error(student_of: Open) -> None:
    student = in_module(student_of, "import nowhere_to_be_found")
    with pytest.raises(NotDefined, match=r"elsewhere is not defined in nn"):
        _ = student.elsewhere
    with pytest.raises(CodeRaised, match="nowhere_to_be_found"):
        _ = student.code


def test_ending_the_process_is_seen(student_of: Open) -> None:
    student = in_module(student_of, "import os\ndef f():\n    os._exit(0)")
    with pytest.raises(Ended, match="process ended"):
        student.code.f()


def test_labels_read_like_calls(student_of: Open) -> None:
    student = in_module(student_of, "def f(*a, **k):\n    return 1, 2")
    first, _ = student.code.f(np.zeros((2, 3)), [1], reg=0.5)
    assert label(first) == "nn.code.f(array (2, 3), [1], reg=0.5)[0]"


def test_a_file_that_the_code_wrote_can_be_read(student_of: Open) -> None:
    student = in_module(student_of, "def f(path):\n    open(path, 'w').write('a,b')")
    student.code.f("out.csv")
    assert student.read_file("out.csv") == b"a,b"
    with pytest.raises(NotDefined):
        student.read_file("other.csv")


# --- budgets ----------------------------------------------------------------------------------


def test_an_endless_loop_ends_with_its_check(session: Session) -> None:
    from autograder.sandbox.remote import Conversation

    session.write_files({"loop.py": b"def f():\n    while True: pass"}, soon())
    begun = time.monotonic()
    with session.check(1) as channel:
        student = Student(Conversation(channel, soon(0.3)), "nn", ())
        with pytest.raises(OutOfTime):
            student.module("loop").f()
    with session.check(1) as channel:
        student = Student(Conversation(channel, soon()), "nn", ())
        assert fetch(student.send(3)) == 3
    assert time.monotonic() - begun < 5


def test_a_cell_that_swallows_everything_loses_the_worker(session: Session) -> None:
    source = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    with pytest.raises(LostError) as caught:
        session.run_cell("lesson", source, soon(0.5))
    assert caught.value.out_of_time


def test_checks_do_not_see_each_others_changes(session: Session) -> None:
    from autograder.sandbox.remote import Conversation

    session.write_files({"state.py": b"kept = []"}, soon())
    assert session.import_module("state", soon()) is None
    for _ in range(2):
        with session.check(1) as channel:
            kept = Student(Conversation(channel, soon()), "nn", ()).module("state").kept
            assert fetch(kept) == []
            kept.append(1)


def test_a_check_that_asks_for_nothing_has_no_process(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "begin", lambda *_: pytest.fail("a child was forked"))
    with session.check(1):
        pass


def test_output_is_kept_up_to_its_bound(level_name: str) -> None:
    with Session(get_level(level_name), Limits(output=1000)) as session:
        session.run_cell("lesson", "print('x' * 10_000_000)", soon(20))
        deadline = soon()
        while len(session.output) < 1000 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert session.output == "x" * 1000


def test_memory_is_bounded(level_name: str) -> None:
    with Session(get_level(level_name), Limits(memory=1 << 30)) as session:
        raised = session.run_cell("lesson", "b = bytearray(2 << 30)", soon())
        assert raised is not None
        assert raised.name == "MemoryError"


# --- notebook cells ---------------------------------------------------------------------------


def test_cells_share_a_namespace_and_magics_work(session: Session) -> None:
    cells = [
        "%matplotlib inline\nimport matplotlib.pyplot as plt",
        "a = 2",
        "plt.plot([1, a]); plt.show()",
        "%timeit -n1 -r1 a",
        "!true",
    ]
    assert [session.run_cell("lesson", cell, soon(60)) for cell in cells] == [None] * 5


def test_input_is_refused_with_a_message(session: Session) -> None:
    raised = session.run_cell("lesson", "x = input('name? ')", soon())
    assert raised is not None
    assert raised.message == (
        "input() has nobody to ask while a submission is graded; write the value into the cell"
    )


def test_a_failing_cell_does_not_stop_the_next(session: Session) -> None:
    raised = session.run_cell("lesson", "1 / 0", soon())
    assert raised is not None
    assert (raised.name, raised.file, raised.text) == (
        "ZeroDivisionError",
        "a notebook cell",
        "1 / 0",
    )
    assert session.run_cell("lesson", "b = 1", soon()) is None


def test_a_check_sees_the_names_of_a_notebook_as_they_are(session: Session) -> None:
    cell = "count = 1\ndef more():\n    global count\n    count += 1\n    return count"
    session.run_cell("lesson", cell, soon())
    with session.check(seed=1) as channel:
        names = Student(Conversation(channel, soon()), "nn", ("lesson",)).notebook()
        assert [fetch(names.more()), fetch(names.count)] == [2, 2]
        names.count = 5
        assert fetch(names.more()) == 6
        with pytest.raises(NotDefined, match="less is not defined in lesson"):
            names.less()
    with session.check(seed=1) as channel:
        student = Student(Conversation(channel, soon()), "nn", ("lesson",))
        assert fetch(student.notebook().count) == 1
        with pytest.raises(NotDefined, match="count is not defined in other"):
            _ = student.notebook("other").count


def test_nothing_of_the_warm_up_is_left_but_speed(session: Session) -> None:
    cell = """
import random, matplotlib as mpl, numpy as np, matplotlib.pyplot as plt
left = sorted(name for name in ("affine", "Net", "scores", "rng", "size") if name in globals())
drawn = [random.random(), float(np.random.rand())]
same = (mpl.rcParams[name] == mpl.rcParamsOrig[name] for name in mpl.rcParams if name != "backend")
plain = plt.get_fignums() == [] and all(same)
"""
    assert session.run_cell("warm_up", cell, soon(30)) is None
    with session.check(seed=1) as channel:
        names = Student(Conversation(channel, soon()), "nn", ("warm_up",)).notebook()
        assert fetch(names.left) == []
        assert fetch(names.drawn) == [0.8444218515250481, 0.5488135039273248]  # of seed 0
        assert fetch(names.plain) is True
    assert session.output == ""


@pytest.mark.parametrize("source", ["exit()", "quit()", "import sys; sys.exit(0)", "def f(:"])
def test_leaving_the_notebook_keeps_the_worker(session: Session, source: str) -> None:
    session.run_cell("lesson", source, soon())
    assert session.run_cell("lesson", "c = 1", soon()) is None


# --- levels -----------------------------------------------------------------------------------


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(UnknownLevelError) as caught:
        get_level("strong")
    assert str(caught.value) == (
        "No sandbox level is called 'strong'. There are: bubblewrap, user, process."
    )


def test_a_level_that_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableLevelError) as caught:
        get_level("bubblewrap")
    assert str(caught.value) == (
        "The sandbox level bubblewrap is not available: "
        "bwrap is not installed; install the package bubblewrap."
    )
    assert diagnose()[0][1:] == (False, "bwrap is not installed; install the package bubblewrap")


def test_a_sandbox_that_cannot_start_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    level = get_level("process")
    close_templates()
    monkeypatch.setattr(type(level), "command", lambda *_: ["false"])
    with pytest.raises(SandboxError, match="did not come up"):
        Session(level, Limits())
    monkeypatch.setattr(type(level), "command", lambda *_: ["no-such-program"])
    with pytest.raises(SandboxError, match="could not be started"):
        Session(level, Limits())


def test_a_level_that_was_made_ready_is_there_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    close_templates()
    make_ready("process")
    level = get_level("process")
    monkeypatch.setattr(type(level), "command", lambda *_: ["no-such-program"])
    with Session(level, Limits()) as session:
        assert session.run_cell("lesson", "x = 1", soon()) is None


def test_what_cannot_be_made_ready_is_told_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    close_templates()
    level = get_level("process")
    monkeypatch.setattr(type(level), "command", lambda *_: ["no-such-program"])
    make_ready("process")
    make_ready("no such level")
    with pytest.raises(SandboxError, match="could not be started"):
        Session(level, Limits())


def test_nothing_is_left_behind(level_name: str, tmp_path: Path) -> None:
    with Session(get_level(level_name), Limits()):
        pass  # the template that stays is there from now on
    before = len(os.listdir("/proc/self/fd"))
    with Session(get_level(level_name), Limits()) as session:
        program = ["sleep", SLEEP]
        source = f"import subprocess; subprocess.Popen({program}, start_new_session=True)"
        assert session.run_cell("lesson", source, soon()) is None
        home = session._home
        deadline = soon()
        while sleepers() == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert sleepers() == 1
    assert not home or not Path(home).exists()
    assert sleepers() == 0
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_worker_that_ends_by_itself_leaves_nothing_behind(level_name: str) -> None:
    leave = f"subprocess.Popen(['sleep', {SLEEP!r}], start_new_session=True)"
    with Session(get_level(level_name), Limits()) as session, pytest.raises(LostError):
        session.run_cell("lesson", f"import os, subprocess; {leave}; os._exit(0)", soon())
    assert sleepers() == 0
    with Session(get_level(level_name), Limits()) as session:  # the template is none the worse
        assert session.run_cell("lesson", "x = 1", soon()) is None


def test_hidden_tests_cannot_be_opened(level_name: str) -> None:
    if level_name == "process" and not landlock.version():
        pytest.skip("only Landlock could hide them, which this kernel has not")
    source = f"open({str(Path(checks.__file__).parent / 'shared.py')!r})"
    with Session(get_level(level_name), Limits()) as session:
        raised = session.run_cell("lesson", source, soon())
    assert raised is not None
    assert raised.name in ("PermissionError", "FileNotFoundError")


def sleepers() -> int:
    """How many processes there are that the test above has started."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(path.read_bytes())
    return sum(line == f"sleep\0{SLEEP}\0".encode() for line in lines)


def test_a_check_that_begins_anew_draws_as_in_a_child_of_its_own(session: Session) -> None:
    from autograder.sandbox.remote import Conversation

    session.write_files(
        {"draw.py": b"import random, numpy\nf, g = random.random, numpy.random.rand"}, soon()
    )
    assert session.import_module("draw", soon()) is None

    def drawn(channel: CheckChannel) -> tuple[object, object]:
        module = Student(Conversation(channel, soon()), "nn", ()).module("draw")
        return fetch(module.f()), fetch(module.g())

    with session.check(1) as channel:
        first = drawn(channel)
    with session.check(2) as channel:
        second = drawn(channel)
        channel.begin_anew(1)
        assert drawn(channel) == first != second


def test_a_check_that_begins_anew_knows_no_objects_of_the_one_before(session: Session) -> None:
    from autograder.sandbox.remote import Conversation

    with session.check(1) as channel:
        before = Student(Conversation(channel, soon()), "nn", ()).send(3)
        channel.begin_anew(2)
        assert fetch(Student(Conversation(channel, soon()), "nn", ()).send([4])) == [4]
        assert fetch(before) == [4]  # the number is that of another object now


def test_a_check_that_begins_anew_without_a_child_gets_one(session: Session) -> None:
    from autograder.sandbox.remote import Conversation

    with session.check(1) as channel:
        channel.begin_anew(2)
        assert fetch(Student(Conversation(channel, soon()), "nn", ()).send(3)) == 3
