"""Is a process that judges replaced when it hangs, dies or fails?"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from autograder.judging.bounded import BoundedProcess, BrokenJudgeError
from autograder.judging.check import Finding

SERVER = """
import os, time
from autograder.judging.bounded import serve_lines

def answer(question):
    match question["do"]:
        case "hang": time.sleep(60)
        case "die": os._exit(1)
        case "fail": raise KeyError("missing")
        case "eat": bytearray(4 << 30)
    return {"pid": os.getpid(), "text": question.get("text", "")}

serve_lines(answer)
"""


@pytest.fixture
def process() -> Iterator[BoundedProcess]:
    process = BoundedProcess(SERVER, seconds=5)
    yield process
    process.close()


def test_one_process_answers_many_questions(process: BoundedProcess) -> None:
    first = process.ask({"do": "", "text": "λ\n\u2028"})
    assert first["text"] == "λ\n\u2028"
    assert process.ask({"do": ""})["pid"] == first["pid"]


def test_a_long_question_arrives_whole(process: BoundedProcess) -> None:
    assert process.ask({"do": "", "text": "x" * 500_000})["text"] == "x" * 500_000


@pytest.mark.parametrize("do", ["hang", "die"])
def test_a_process_that_hangs_or_dies_is_replaced(process: BoundedProcess, do: str) -> None:
    process.ask({"do": ""})
    process._seconds = 0.3
    begun = time.monotonic()
    with pytest.raises(Finding) as caught:
        process.ask({"do": do})
    assert time.monotonic() - begun < 5
    assert caught.value.rationale == "This answer takes too long to judge."
    process._seconds = 5
    assert process.ask({"do": ""})["pid"]


def test_too_much_memory_ends_the_answer_only(process: BoundedProcess) -> None:
    with pytest.raises(BrokenJudgeError, match="MemoryError"):
        process.ask({"do": "eat"})
    assert process.ask({"do": ""})["pid"]


def test_a_failure_at_the_other_end_is_ours(process: BoundedProcess) -> None:
    with pytest.raises(BrokenJudgeError, match="KeyError: 'missing'"):
        process.ask({"do": "fail"})


def test_the_interpreter_is_this_one(process: BoundedProcess) -> None:
    process.ask({"do": ""})
    assert process._process is not None
    assert process._process.args[0] == sys.executable


def test_what_is_printed_besides_is_no_answer() -> None:
    """As LAPACK does, in C and so past `sys.stdout`."""
    program = (
        "import os; from autograder.judging.bounded import serve_lines\n"
        "serve_lines(lambda q: (os.write(1, b' ** On entry to DLASCL\\n'), print('no'), q)[-1])"
    )
    process = BoundedProcess(program, seconds=30)
    try:
        assert [process.ask({"n": number})["n"] for number in range(3)] == [0, 1, 2]
    finally:
        process.close()


def test_a_process_that_speaks_out_of_turn_is_replaced() -> None:
    program = "\nfor line in sys.stdin: print('{', flush=True)"
    process = BoundedProcess(program, seconds=30)
    with pytest.raises(ValueError, match="Expecting"):
        process.ask({"n": 1})
    assert process._process is None
