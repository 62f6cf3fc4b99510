"""The page of a class counts right, says who, and shows nothing that a student wrote as code."""

import json
import re

import msgspec
import pytest

from autograder.reports import class_page, write_pages
from autograder.reports.class_data import BINS, ClassData, Ending, ending
from autograder.reports.class_page import ENDINGS, NAMED
from autograder.reports.rendering import source_digest
from autograder.results import CheckResult, ManualPart, Report, Status

EVIL = '</script><script>alert("gotcha")</script><!--'


def result(status: Status = Status.PASSED, **changes: object) -> CheckResult:
    score = 2.0 if status is Status.PASSED else 0.0
    values = {"id": "loss", "name": "The loss.", "status": status, "score": score, "max_score": 2.0}
    return CheckResult(**(values | changes))


def report(*checks: CheckResult, student: str = "ada", **changes: object) -> Report:
    values = {
        "assignment": "a",
        "student": student,
        "score": sum(check.score for check in checks),
        "max_score": sum(check.max_score for check in checks),
        "sandbox": "bubblewrap",
        "seed": 987654321,
        "seconds": 1.25,
        "checks": checks,
    }
    return Report(**(values | changes))


def failed(rationale: str = "It is wrong.", **changes: object) -> CheckResult:
    return result(Status.FAILED, rationale=rationale, **changes)


def data(page: str) -> dict:
    """The data in a page, as its script reads them."""
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[0])


# What is counted --------------------------------------------------------------------------------


def test_every_ending_has_a_look_and_a_word_of_its_own():
    shown = [one for end, one in ENDINGS.items()]
    assert set(ENDINGS) == set(Ending) - {Ending.ABSENT}
    assert len({one.look.sign for one in shown}) == len({one.word for one in shown}) == len(shown)
    assert {ending(result(status)) for status in Status} | {Ending.FOLLOWED} == set(ENDINGS)


@pytest.mark.parametrize(
    ("one", "letter"),
    [
        (result(followed=("relu",)), "F"),
        (failed(followed=("relu",)), "W"),
        (result(Status.PARTIAL, followed=("relu",)), "P"),
        (None, "."),
    ],
)
def test_followed_through_is_right_with_the_courses_part(one, letter):
    assert ending(one) == letter


def test_mean_median_and_bars():
    scores = [0.0, 0.5, 0.95, 2.0, 2.5]
    students = [report(result(score=score), score=score) for score in scores]
    class_ = ClassData([*students, report()])  # the last has nothing to earn
    assert class_.histogram == [1, 0, 1, 0, 1, *[0] * (BINS - 6), 2]
    page = class_page([report(result()), report(failed())], title="T")
    assert "Mean 50 %, median 50 % of the points." in page
    assert "The middle half of the class is between 25 % and 75 %." in page


def test_who_ended_how_is_counted_for_each_check():
    students = [report(result(), student="a"), report(failed(), student="b"),
                report(result(id="other"), student="c")]  # fmt: skip
    page = class_page(students, title="T")
    assert [one["ends"] for one in data(page)["students"]] == ["R.", "W.", ".R"]
    assert 'data-check="loss" data-end="W"' in page
    assert 'data-check="other" data-end="W"' not in page


def test_mistakes_have_their_students():
    students = [report(failed("`x` is 6 times y."), student="a"), report(result(), student="b"),
                report(failed("`x` is 7 times y."), student="c")]  # fmt: skip
    page = class_page(students, title="T")
    assert "<code>x</code> is … times y." in page
    assert data(page)["groups"] == [[[0], [2]]]


def test_mistakes_of_one_student_are_folded_where_others_are_shared():
    students = [report(failed("Shared."), student="a"), report(failed("Shared."), student="b"),
                report(failed("Alone."), student="c")]  # fmt: skip
    page = class_page(students, title="T")
    assert page.index("Shared.") < page.index("1 more mistake, each by fewer students")
    assert page.index("1 more mistake, each by fewer students") < page.index("Alone.</span>")


def test_what_waits_for_a_person_has_its_students():
    why = ManualPart(id="why", max_points=3, answered=True, suggested=2, summary="Found a sum.")
    blank = ManualPart(id="why", max_points=3, answered=False)
    unsure = ManualPart(id="how", max_points=3, answered=True, summary="Nothing to compare with.")
    students = [
        report(result(Status.ERROR, rationale="OSError"), student="a", manual=(why,)),
        report(result(Status.PERSON, rationale="Who knows?"), student="b", manual=(blank, unsure)),
        report(result(), student="c", warnings=("It may be dora's.",)),
    ]
    page = class_page(students, title="T")
    assert data(page)["groups"] == [
        [[0, "OSError"]],
        [[1, "Who knows?"]],
        [[2, "It may be dora's."]],
        [[0, "Suggested 2 of 3"]],
        [[1, "Nothing to compare with."]],
    ]
    titles = re.findall(r"<summary>.*?<span>(.*?)</span></summary>", page)
    assert titles == [
        "The grader itself failed",
        "A person decides",
        "Files that may be somebody else&#39;s",
        "An answer in words, marked by a person",
        "An answer in words, marked by a person",
    ]
    assert "The grader itself failed at some checks of a; these scores are not final." in page


def test_a_notice_names_a_few_and_counts_the_others():
    students = [report(result(Status.ERROR), student=f"s{n}") for n in range(NAMED + 3)]
    assert "at some checks of s0, s1, s2, s3, s4, s5, s6, s7, 3 more; these" in class_page(
        students, title="T"
    )


def test_what_took_long_is_named():
    page = class_page([report(result(seconds=0.3)), report(result(seconds=7.5), student="bob")],
                      title="T")  # fmt: skip
    assert re.search(r'<strong>7.5 s</strong> <a [^>]*href="bob.html#loss">bob</a>', page)
    assert "at most 7.5 s" in page
    assert "What took long" not in class_page([report(result())], title="T")


def test_a_class_of_nobody():
    page = class_page([], title="T", missing=["ada"])
    assert "0 submissions" in page
    assert "Handed in nothing: ada." in page
    assert data(page)["students"] == []


# What is safe -----------------------------------------------------------------------------------


def test_only_our_own_script_may_run():
    page = class_page([report(result())], title="T")
    script = page[page.rindex("<script>") + len("<script>") : page.rindex("</script>")]
    assert f"script-src '{source_digest(script)}'" in page
    assert "eval" not in script
    assert "innerHTML" not in script
    assert "fetch" not in script


def test_nothing_that_a_student_wrote_ends_the_data():
    evil = failed(EVIL, id=EVIL, name=EVIL, help=EVIL)
    part = ManualPart(id=EVIL, max_points=1, answered=True, summary=EVIL)
    one = report(evil, student=EVIL, warnings=(EVIL,), manual=(part,), place=EVIL)
    page = class_page([one], title=EVIL, problems={EVIL: (EVIL,)}, notes={EVIL: EVIL},
                      warnings=(EVIL,), missing=(EVIL,))  # fmt: skip
    assert page.count("<script") == page.count("</script>") == 2
    assert page.count("<!--") == 0
    assert data(page)["students"][0]["name"] == EVIL
    assert data(page)["checks"] == [EVIL]


def test_lone_surrogates_and_separators_are_no_obstacle():
    odd = "a\u2028b\u2029c\x1bd\u202e"
    page = class_page([report(failed(odd), student=odd)], title="T", problems={odd: (odd,)})
    assert not set("\u2028\u2029\x1b\u202e") & set(page)


def test_the_page_has_no_seed_and_no_place_on_the_disk():
    one = msgspec.structs.replace(report(result()), place="submitted/ada")
    page = class_page([one], title="T")
    assert str(one.seed) not in page
    assert "submitted/ada" not in page


def test_no_student_reads_of_another_or_of_what_waits(tmp_path):
    why = ManualPart(id="why", max_points=3, answered=True, suggested=2, summary="Found a sum.")
    students = [
        report(failed(), student="ada.lovelace", manual=(why,)),
        report(failed(), student="boris.king", warnings=("It may be ada.lovelace's.",)),
    ]
    known = {"boris.king": ("It may be ada.lovelace's.",)}
    write_pages(tmp_path, students, title="T", seen=known, missing=["clara"], warnings=["Look."])
    page = (tmp_path / "boris.king.html").read_text("utf-8")
    assert not any(word in page for word in ("ada", "clara", "Look.", "987654321", "median"))
