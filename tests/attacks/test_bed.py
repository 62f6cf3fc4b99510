"""Does the bed of attacks notice success, is the corpus whole, and is it told what was seen?

What gets through where the walls of the level `process` are taken down shows that it would be
noticed elsewhere.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.attacks import Attack, CorpusError, load_corpus, try_attack
from autograder.attacks import run as running
from autograder.attacks.corpus import FAMILIES
from autograder.attacks.sending import takes
from autograder.attacks.table import summary, table
from autograder.attacks.target import target_of
from autograder.attacks.trial import UNCONTAINED, AttackEnd, AttackTrial
from autograder.route import SubmissionRoute
from autograder.sandbox import landlock
from autograder.sandbox.launcher import close_templates
from autograder.sandbox.level import BOOT, PACKAGE, PYTHON_OPTIONS
from autograder.sandbox.levels import diagnose
from autograder.sandbox.without_namespaces import Process

pytestmark = pytest.mark.long

ATTACKS = load_corpus()
BY_NAME = {attack.name: attack for attack in ATTACKS}
PAGE = PACKAGE.parent / "docs" / "attacks.md"
ROUTES = PACKAGE.parent / "docs" / "attack-routes.md"

NO_WALLS = """\
import autograder.sandbox.namespaces as e; e._give_up_files = e._filter_calls = lambda *_: None; \
"""
# Attacks that a separate process with limits does not stop, whoever starts it.
OPEN_WITHOUT_WALLS = [
    "exfiltrate_through_messages",
    "forge_result_file",
    "leave_files",
    "network",
    "read_hidden_tests",
    "read_other_student",
    "read_solution",
    "unix_sockets",
    "write_on_the_host",
]
ITEMS = {
    "reading": [
        "hidden tests", "solution", "other students", "environment", "parent process memory",
        "/proc", "ptrace", "judge's socket or file descriptors", "IPython history",
        "tracebacks and frames", "garbage collector",
    ],
    "forging": [
        "results file", "stdout protocol", "extra or replayed frames", "wrong lengths",
        "huge or deeply nested messages", "wrong dtypes and shapes",
        "NaN, infinity and subnormal numbers", "__eq__", "__array__", "__array_ufunc__",
        "__reduce__", "ndarray subclasses", "masked arrays", "patched numpy", "patched builtins",
        "sys.modules", "import hooks", "fake autograder", "fake nn", "sitecustomize",
        "conftest.py", "edited grade cells", "deleted grade cells", "duplicated grade cells",
        "retyped grade cells", "cell tags", "metadata with extra points",
        "overwritten given files",
    ],
    "exhausting": [
        "endless loop in C", "endless loop in Python", "memory in one step",
        "memory in small steps", "forks", "threads", "file descriptors", "disk", "output floods",
        "deep recursion", "zip bombs", "a million cells", "one cell of 100 MB",
        "sleep past the budget", "ignoring SIGTERM", "catching every exception",
    ],
    "escaping": [
        "network of every family", "DNS", "device files", "mounts", "user namespaces", "setuid",
        "symlinks in archives", ".. in archives", "hard links", "absolute paths",
        "fifos and sockets in the folder", "signals to the judge",
    ],
    "detecting": ["hard-coded answers", "reading seeds", "handing in again"],
    "persisting": [
        "files in /tmp", "/dev/shm", "shared memory", "abstract sockets", "left-over process",
        "changed template state",
    ],
    "follow_through": [
        "arguments that grow memory", "callbacks without end", "callbacks that nobody asked for",
        "the part of the course", "values by calling it", "answers that are none",
    ],
    "adopted": [
        "always-equal objects", "lying operators", "files over expected data", "pickles",
        "callbacks that walk the judge", "names and dtypes from the wire", "endless iterators",
        "huge integers", "exceptions that carry code", "class named as the test's",
    ],
}  # fmt: skip


def tried(attack: Attack, level: str) -> AttackTrial:
    return try_attack(attack, target_of(attack, level), level=level)


# --- the bed itself ---------------------------------------------------------------------------


@pytest.fixture
def no_walls(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The level `process` is a process with limits, and no more."""
    boot = BOOT.format(str(PACKAGE.parent), NO_WALLS)
    command = [sys.executable, *PYTHON_OPTIONS, boot]
    monkeypatch.setattr(Process, "command", lambda self: command)
    close_templates()
    yield
    close_templates()


@pytest.mark.parametrize("name", OPEN_WITHOUT_WALLS)
def test_success_would_be_noticed(name: str, no_walls: None) -> None:
    trial = tried(BY_NAME[name], "process")
    assert trial.end is AttackEnd.GOT_THROUGH
    assert trial.harms


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
@pytest.mark.parametrize("name", sorted({*OPEN_WITHOUT_WALLS} - {"write_on_the_host"}))
def test_landlock_and_the_filter_stop_it(name: str) -> None:
    assert tried(BY_NAME[name], "process").harms == ()


def test_each_kind_of_harm_has_a_name_of_its_own(no_walls: None) -> None:
    harms = " / ".join(
        harm for name in OPEN_WITHOUT_WALLS for harm in tried(BY_NAME[name], "process").harms
    )
    for said in (
        "the report tells another student's file",
        "the report tells a hidden test",
        "a message arrived at TCP 127.0.0.1",
        "a message arrived at UDP 127.0.0.1",
        "a message arrived at an abstract socket",
        "a message arrived at a socket in a folder",
        "the host's `open/made` was made",
        "the host's `other/nn/layers.py` was changed",
        "was left on the host",
        "its friend found something",
        "points, and 0 are deserved",
        "nobody is told 'found []'",
    ):
        assert said in harms


def test_honest_work_that_nobody_expects_is_noticed() -> None:
    code = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b, None\n"
    honest = Attack(family="forging", covers=(), tries="be right", name="honest", code=code)
    trial = tried(honest, "bubblewrap")
    assert "it has 2 points, and 0 are deserved" in trial.harms
    assert not trial.expected


@pytest.mark.parametrize("attack", [a for a in ATTACKS if not a.harmless], ids=lambda a: a.name)
def test_what_could_harm_this_machine_is_not_run_without_walls(attack: Attack) -> None:
    assert tried(attack, UNCONTAINED).end is AttackEnd.NOT_TRIED


# --- the corpus -------------------------------------------------------------------------------


def test_the_corpus_is_there() -> None:
    assert len(ATTACKS) >= 135


@pytest.mark.parametrize("family", FAMILIES)
def test_every_item_of_a_family_is_tried(family: str) -> None:
    covered = {item for attack in ATTACKS for item in attack.covers}
    assert set(ITEMS[family]) <= covered


def test_only_known_items_and_levels_are_named() -> None:
    known = {item for items in ITEMS.values() for item in items}
    assert {item for attack in ATTACKS for item in attack.covers} <= known
    levels = {name for name, _, _ in diagnose()} - {"bubblewrap"}
    assert {level for attack in ATTACKS for level in attack.open_at} <= levels


def test_a_folder_without_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        load_corpus(tmp_path)
    assert str(caught.value) == f"There are no attacks in {tmp_path}."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('family = "reading"\ncovers = []\ntries = "x"\nharmles = true', "unknown field `harmles`"),
        ('family = "rading"\ncovers = []\ntries = "x"', "Invalid enum value 'rading'"),
        ("family = ", "Invalid value"),
    ],
)
def test_a_file_that_is_no_attack(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(CorpusError, match=re.escape(f"{path} is no attack: ") + f".*{reason}"):
        load_corpus(tmp_path)


# --- what is said of it -----------------------------------------------------------------------


def of(
    name: str,
    level: str,
    end: AttackEnd,
    *harms: str,
    route: SubmissionRoute = SubmissionRoute.DIRECT,
) -> AttackTrial:
    family = BY_NAME[name].family
    return AttackTrial(attack=name, family=family, level=level, route=route, end=end, harms=harms)


def test_the_page_tells_what_each_level_stops() -> None:
    attacks = [BY_NAME["network"], BY_NAME["forks"]]
    trials = [
        of("network", "bubblewrap", AttackEnd.HELD),
        of("forks", "bubblewrap", AttackEnd.HELD),
        of("network", "process", AttackEnd.GOT_THROUGH, "a message arrived"),
        of("forks", "process", AttackEnd.NOT_TRIED),
        of("network", "bubblewrap", AttackEnd.HELD, route=SubmissionRoute.NBGRADER),
    ]
    page = table(attacks, trials)
    assert "| family | `bubblewrap` | `process` | `bubblewrap` through nbgrader |" in page
    assert "| exhausting | 1 held | 1 not tried | – |" in page
    assert "| all | 2 held | 1 **got through**, 1 not tried | 1 held |" in page
    assert "## Level `bubblewrap` through nbgrader\n\n1 attacks tried: 1 held" in page
    assert f"- `forks`: {BY_NAME['forks'].tries}\n" in page
    assert "## Level `user`\n\nNot run when this page was written." in page
    assert summary(trials) == "4 attacks tried: 3 held, 1 got through; 1 not tried"


def test_the_page_in_docs_is_about_this_corpus() -> None:
    page = PAGE.read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("- `")]
    assert sorted(lines) == sorted(f"- `{attack.name}`: {attack.tries}" for attack in ATTACKS)
    for level in ("bubblewrap", "user", "process"):
        assert f"## Level `{level}`\n\n" in page


@pytest.mark.skipif(not ROUTES.exists(), reason="no route has been written down yet")
@pytest.mark.parametrize("route", [route for route in SubmissionRoute if route != "direct"])
def test_the_page_of_routes_is_about_this_corpus(route: SubmissionRoute) -> None:
    section = ROUTES.read_text(encoding="utf-8").split(f"## Through {route}\n")[1].split("## ")[0]
    named = re.findall(r"`(\w+)`", section.partition("\n\n- ")[2])
    assert sorted(named) == sorted(one.name for one in ATTACKS if takes(route, one))
    assert "**got through**" not in section


def test_verify_says_how_each_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def trials(attacks, *, ways, jobs, on_trial):  # type: ignore[no-untyped-def]
        made = [
            of(
                "network",
                level,
                AttackEnd.GOT_THROUGH if level == "process" else AttackEnd.HELD,
                "seen",
                route=route,
            )
            for level, route in ways
        ]
        for trial in made:
            on_trial(trial)
        return made

    monkeypatch.setattr(running, "run_corpus", trials)
    said: list[str] = []
    assert running.verify_attacks(level="process", echo=said.append)
    assert said == [
        "ok     escaping network at process: got through\n       seen",
        "process: 1 attacks tried: 0 held, 1 got through; 0 not tried",
    ]
    del said[:]
    assert running.verify_attacks(
        level="bubblewrap", route=SubmissionRoute.CLUSTER, echo=said.append
    )
    assert said[0].startswith("ok     escaping network at bubblewrap through cluster: held")
    assert (
        said[1] == "bubblewrap through cluster: 1 attacks tried: 1 held, 0 got through; 0 not tried"
    )
    page = tmp_path / "attacks.md"
    running.verify_attacks(level="process", page=page, echo=said.append)
    assert "## Level `bubblewrap`\n\n1 attacks tried: 1 held" in page.read_text()
