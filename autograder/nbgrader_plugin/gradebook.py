"""What nbgrader's gradebook knows of an assignment: register it, compare it, withdraw scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbgrader.api import Gradebook, MissingEntry  # type: ignore[import-untyped]
from nbgrader.preprocessors import ComputeChecksums, SaveCells  # type: ignore[import-untyped]

Points = dict[str, float]

NO_RESPONSE = "No response."  # nbgrader's, for a cell as it was handed out


def release_points(notebooks: Mapping[str, Any], cell_type: str) -> Points:
    """Grade id -> points of the grade cells of that type in released notebooks."""
    return {
        cell.metadata.nbgrader["grade_id"]: float(cell.metadata.nbgrader["points"])
        for notebook in notebooks.values()
        for cell in notebook.cells
        if cell.cell_type == cell_type and cell.metadata.get("nbgrader", {}).get("grade")
    }


def gradebook_points(coursedir: Any, slug: str, cell_type: str) -> Points:
    """Grade id -> points of the grade cells of that type in the gradebook."""
    with _gradebook(coursedir) as gradebook:
        return {
            cell.name: float(cell.max_score)
            for notebook in gradebook.find_assignment(slug).notebooks
            for cell in notebook.grade_cells
            if cell.cell_type == cell_type
        }


def unregistered(coursedir: Any, slug: str, names: list[str]) -> list[str]:
    """Those of the notebooks that the gradebook does not have yet."""
    with _gradebook(coursedir) as gradebook:
        try:
            known = {notebook.name for notebook in gradebook.find_assignment(slug).notebooks}
        except MissingEntry:
            known = set()
    return [name for name in names if name not in known]


def register(coursedir: Any, slug: str, notebooks: Mapping[str, Any]) -> None:
    """Enter released notebooks, as the end of `nbgrader generate_assignment` does."""
    with _gradebook(coursedir) as gradebook:
        gradebook.update_or_create_assignment(slug)
    for name, notebook in notebooks.items():
        facts = {"notebook": name, "assignment": slug, "db_url": coursedir.db_url}
        for step in (ComputeChecksums(), SaveCells()):
            step.preprocess(notebook, {"nbgrader": facts})


def withdraw_scores(
    coursedir: Any, slug: str, student: str, *, earlier: Mapping[str, float]
) -> None:
    """Leave a submission with the scores of an earlier run, or none, marked as to be looked at.

    nbgrader itself has by now written a zero for a notebook that is missing.
    """
    with _gradebook(coursedir) as gradebook:
        for notebook in gradebook.find_submission(slug, student).notebooks:
            for grade in notebook.grades:
                grade.auto_score = earlier.get(grade.name)
                grade.needs_manual_grade = True
        gradebook.db.commit()


def leave_to_people(
    coursedir: Any,
    slug: str,
    student: str,
    *,
    comments: Mapping[str, str],
    undecided: set[str],
    extra: Mapping[str, float],
) -> None:
    """Put suggestions into comments, and take the automatic score from undecided grade cells.

    Extra credit goes where nbgrader keeps it, beside the score and on top of the maximum.

    A comment that says "No response." stays where there is none, as does what a person has written,
    and no score is touched that a person has given.

    Parameters
    ----------
    comments : grade id -> suggestion.
    undecided : grade ids of checks and answers which a person has to decide.
    extra : grade id -> extra credit.
    """
    if not (comments or undecided or extra):
        return
    with _gradebook(coursedir) as gradebook:
        for notebook in gradebook.find_submission(slug, student).notebooks:
            for comment in notebook.comments:
                if comment.name in undecided and comment.auto_comment == NO_RESPONSE:
                    comment.auto_comment = None
                comment.auto_comment = comment.auto_comment or comments.get(comment.name)
            for grade in notebook.grades:
                if grade.name in extra and grade.manual_score is None:
                    grade.extra_credit = extra[grade.name]
                if grade.name in undecided:
                    grade.auto_score = None
                    grade.needs_manual_grade = True
        gradebook.db.commit()


def _gradebook(coursedir: Any) -> Any:
    return Gradebook(coursedir.db_url, coursedir.course_id)
