"""What is known of a class outlives a run that grades one student of it."""

from autograder.reports.class_record import RECORD, keep_class


def test_the_missing_stay_missing_until_they_hand_in(tmp_path):
    keep_class(tmp_path, ["ada"], ["ada"], missing=["bob", "eve"])
    assert keep_class(tmp_path, ["ada"], ["ada"]).missing == ("bob", "eve")
    assert keep_class(tmp_path, ["bob"], ["ada", "bob"]).missing == ("eve",)


def test_a_roster_with_one_student_graded_does_not_miss_those_graded_before(tmp_path):
    now = keep_class(tmp_path, ["ada"], ["ada", "bob"], missing=["bob", "eve"])
    assert now.missing == ("eve",)


def test_warnings_of_another_run_stay_until_everyone_is_graded_again(tmp_path):
    keep_class(tmp_path, ["ada", "bob"], ["ada", "bob"], warnings=["`x.py` is nobody's."])
    one = keep_class(tmp_path, ["ada"], ["ada", "bob"], warnings=["`y.py` is nobody's."])
    assert one.warnings == ("`x.py` is nobody's.", "`y.py` is nobody's.")
    assert keep_class(tmp_path, ["ada", "bob"], ["ada", "bob"]).warnings == ()


def test_nothing_is_written_where_nothing_is_to_be_said(tmp_path):
    keep_class(tmp_path, ["ada"], ["ada"], missing=[])
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / RECORD).write_text("{")
    assert keep_class(tmp_path, ["ada"], ["ada"]).missing == ()
