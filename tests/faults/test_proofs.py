"""What grades its own examples otherwise than it says is not built, and not verified."""

from __future__ import annotations

import pytest

from autograder.authoring import AuthoringError, build, proofs, stale
from autograder.authoring.proofs import prove_specifications
from autograder.commands.exits import USAGE

HALF = """\
id = "half"
title = "A half"
right = ["1/2", "0.5"]

[answer]
kind = "number"
shape = []
reference = "1/2"

[[wrong]]
answer = "2"
says = "factor"
teach = "That is two, not its inverse."
"""
RUBRIC = """\
id = "explain"
title = "Why"

[answer]
kind = "rubric"

[[rubric]]
id = "sum"
text = "the sum"
points = 1
evidence = [{ words = ["sum"] }]

[[graded]]
answer = "It is the sum."
finds = ["sum"]
"""


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Nothing is proved yet."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(proofs, "cache_folder", lambda: folder)
    return folder


def refused(tiny) -> str:
    with pytest.raises(AuthoringError) as caught:
        prove_specifications(tiny.source)
    return str(caught.value)


def test_a_right_specification_is_proved_once(tiny, cache, monkeypatch):
    path = tiny.write("checks/tiny/written/deeper/half.toml", HALF)
    assert proofs.specifications(tiny.source) == [path]
    prove_specifications(tiny.source)
    assert len(list((cache / "proved").iterdir())) == 1
    monkeypatch.setattr(proofs, "_misgraded", lambda path: pytest.fail("proved again"))
    prove_specifications(tiny.source)


def test_a_wrong_answer_among_the_right_ones(tiny):
    tiny.write("checks/tiny/written/half.toml", HALF.replace('"0.5"', '"1/3"'))
    message = refused(tiny)
    assert message.startswith(
        "checks/tiny/written/half.toml:3: half: right answer '1/3' is refused: "
    )


def test_a_right_answer_among_the_wrong_ones(tiny, cache):
    tiny.write("checks/tiny/written/half.toml", HALF.replace('answer = "2"', 'answer = "2/4"'))
    assert refused(tiny) == "checks/tiny/written/half.toml:11: half: wrong answer '2/4' passes"
    assert not cache.exists()


def test_a_slip_that_nobody_is_told(tiny, monkeypatch):
    tiny.write("checks/tiny/written/half.toml", HALF)
    monkeypatch.setattr("autograder.judging.written.taught", lambda path, text: "")
    assert refused(tiny) == (
        "checks/tiny/written/half.toml:11: half.toml: no answer is ever told"
        " 'That is two, not its inverse.'"
    )


def test_a_rubric_that_finds_something_else(tiny):
    tiny.write("checks/tiny/manual/explain.toml", RUBRIC)
    prove_specifications(tiny.source)
    tiny.write(
        "checks/tiny/manual/other.toml",
        RUBRIC.replace('"explain"', '"other"').replace('finds = ["sum"]', "finds = []"),
    )
    assert refused(tiny) == (
        "checks/tiny/manual/other.toml:14: other: in 'It is the sum.' is found ['sum']"
    )


def test_a_file_that_is_no_specification(tiny):
    tiny.write("checks/tiny/code/half.toml", HALF.replace("[answer]", "[answer"))
    message = refused(tiny)
    assert message.startswith("checks/tiny/code/half.toml:5: half.toml: Expected ']'")


@pytest.mark.parametrize("words", [("build",), ("build", "--check"), ("verify",)])
def test_every_command_refuses_it(tiny, words):
    tiny.write("checks/tiny/written/half.toml", HALF.replace('"0.5"', '"1/3"'))
    done = tiny.run(*words)
    assert done.exit_code == USAGE
    assert done.stderr.startswith("checks/tiny/written/half.toml:3: half: right answer '1/3'")


def test_nothing_is_written_then(tiny):
    tiny.write("solutions/tiny/README.md", "# Another\n")
    tiny.write("checks/tiny/written/half.toml", HALF.replace('"0.5"', '"1/3"'))
    with pytest.raises(AuthoringError):
        build(tiny.source)
    with pytest.raises(AuthoringError):
        stale(tiny.source)
    assert (tiny.root / "assignments/tiny/README.md").read_text() == "# Tiny\n"


# Hidden tests that cannot be loaded --------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{}['six']", "checks/tiny.py:3: the hidden tests cannot be loaded: KeyError: 'six'"),
        (
            "import nowhere",
            "checks/tiny.py:3: the hidden tests cannot be loaded: No module named 'nowhere'",
        ),
        (
            "def f(:",
            "checks/tiny.py:3: the hidden tests cannot be loaded: SyntaxError: invalid syntax",
        ),
    ],
)
def test_a_bug_of_the_checks_has_its_line(tiny, line, says):
    path = tiny.root / "checks" / "tiny.py"
    tiny.write("checks/tiny.py", f'"""Hidden tests."""\n\n{line}\n' + path.read_text())
    done = tiny.run("build")
    assert (done.exit_code, done.stderr.strip()) == (USAGE, says)
