"""The command that compares submissions with one another. Runs and grades none of them."""

from __future__ import annotations

from pathlib import Path

import typer

from autograder.assignment import load_assignment
from autograder.course import find_course
from autograder.layout import Layout

from .app import command
from .exits import say
from .intake import refuse_among_submissions, take_in
from .options import CourseFolder, LayoutOption, Out, Paths, RosterFile, Slug

HINT = "{pairs} of {students} submissions {share} code that few others have: a hint, not a verdict."


@command()
def similar(
    slug: Slug,
    paths: Paths,
    out: Out = Path("grades"),
    layout: LayoutOption = Layout.AUTO,
    roster: RosterFile = None,
    course: CourseFolder = None,
) -> None:
    """Show which submissions share code that few others have, side by side. Grades nothing."""
    from autograder.files import write_atomically
    from autograder.reports.similar_page import SIMILAR_PAGE, similar_page
    from autograder.similarity import similar_pairs, written_sources

    found = find_course(course)
    if course is None:
        refuse_among_submissions(found, paths)
    assignment = load_assignment(slug, found)
    submissions = take_in(paths, assignment, layout=layout, roster=roster).submissions
    released = {
        path: (assignment.release / path).read_bytes()
        for path in assignment.editable
        if (assignment.release / path).is_file()
    }
    works = [written_sources(one.files, released) for one in submissions]
    pairs = similar_pairs(works, written_sources(released))
    page = similar_page([one.student for one in submissions], works, pairs, title=assignment.title)
    write_atomically(out / slug / SIMILAR_PAGE, page.encode("utf-8"))
    one = len(pairs) == 1
    counted = f"{len(pairs)} pair{'' if one else 's'}"
    shares = "shares" if one else "share"
    say(HINT.format(pairs=counted, students=len(submissions), share=shares))
    typer.echo(out / slug / SIMILAR_PAGE)
