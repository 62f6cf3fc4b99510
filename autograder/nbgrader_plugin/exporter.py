"""The memory of one `nbgrader autograde` run: whose notebooks, their files, their reports.

nbgrader makes one exporter per run, before the first student, and lets it read every notebook:
the one configurable place from which a file that is no notebook can be survived.
"""

from __future__ import annotations

import copy
import fnmatch
import glob
import os
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException  # type: ignore[import-untyped]

from autograder.errors import UserError
from autograder.nbgrader_plugin.notes import note_on_files
from autograder.nbgrader_plugin.obstacles import active_files, is_showable, obstacles
from autograder.nbgrader_plugin.ours import OurCourseDirectory
from autograder.nbgrader_plugin.preprocessors import GradeInSandbox
from autograder.nbgrader_plugin.reading import BrokenNotebookError, read_notebook
from autograder.nbgrader_plugin.release import open_release
from autograder.nbgrader_plugin.timestamps import NAME, UnclearTimeError, read_time
from autograder.results import Report
from autograder.submission import Submission, one_student
from autograder.submission.trees import Folder

_convert: Any = NotebookExporter.from_notebook_node  # has no annotations

BROKEN = (
    "`{name}.ipynb` could not be read, so this is the notebook as it was handed out. {reason}"
    " Your modules were graded; what you wrote in the notebook could not be."
)
MISSING = (
    "There is no `{name}.ipynb` that could be taken from your submission, so this is the notebook"
    " as it was handed out. Your modules were graded."
)
UNCOPIED = "Left out, because it cannot be copied: %s"
ACTIVE = "Left out of formgrader, because a browser may run what is in it: %s"
ODD_ID = (
    "Not graded: the id in %s has characters that nbgrader's pages would not show as text. Rename"
    " the folder."
)


class SubmissionExporter(NotebookExporter):
    """Reads students' notebooks for `Autograde`, and remembers each submission and its report."""

    def __init__(self, config: Any = None, **options: Any) -> None:
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]
        self.converter: Any = options["parent"]
        self.coursedir: OurCourseDirectory = self.converter.coursedir
        self.assignment = self.coursedir.assignment
        self.reports: dict[str, Report] = {}
        self.checked: set[str] = set()  # metadata of notebooks that nbgrader found right
        self.key_maker: Any = None  # of the results in store; made when the first is looked up
        self._latest: Submission | None = None
        try:
            self.release = open_release(self.assignment, self.coursedir)
            GradeInSandbox(parent=self).prepare()
        except (UserError, ValueError) as error:
            self.log.error("%s", error)  # nbgrader ends without a word otherwise
            raise NbGraderException(str(error)) from error
        self._leave_out_odd_ids()
        self._add_missing_notebooks()
        self._leave_out_obstacles()
        self._leave_out_unclear_times()

    def from_filename(
        self, filename: str, resources: Any = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Read a notebook; for a student's own that is broken or missing, the released one."""
        facts = resources["nbgrader"]
        folder = self._folder(facts["student"])
        if os.path.dirname(filename) != folder:
            return super().from_filename(filename, resources, **options)
        resources["metadata"] = {"name": facts["notebook"], "path": folder}
        notebook = self._submitted(facts["student"], facts["notebook"])
        converted: tuple[Any, dict[str, Any]] = _convert(self, notebook, resources, **options)
        return converted

    def submission(self, student: str) -> Submission:
        """The student's files as they were handed in, before nbgrader overwrites any of them."""
        if self._latest is None or self._latest.student != student:
            tree = Folder(Path(self._folder(student)))
            self._latest = one_student(tree, student, self.assignment)
        return self._latest

    def _submitted(self, student: str, name: str) -> Any:
        submission = self.submission(student)
        reasons = list(submission.problems)
        content = submission.files.get(f"{name}.ipynb")
        try:
            notebook = read_notebook(content) if content is not None else None
            problem = "" if notebook else MISSING.format(name=name)
        except BrokenNotebookError as error:
            notebook, problem = None, BROKEN.format(name=name, reason=error)
        if notebook is None:
            self.log.warning("%s: %s", student, problem)
            reasons.insert(0, problem)
            notebook = copy.deepcopy(self.release[name])
        if reasons:
            notebook.cells.insert(0, note_on_files(reasons))
        return notebook

    def _leave_out_odd_ids(self) -> None:
        """Keep ids out of the gradebook that would be markup or code in nbgrader's pages."""
        for folder in list(self.converter.assignments):
            if not self._is_showable(folder):
                self.log.error(ODD_ID, folder)
                del self.converter.assignments[folder]

    def _is_showable(self, folder: str) -> bool:
        """Whether nbgrader's pages can show whose folder it is; the course's own path is ours."""
        own = Path(os.path.relpath(folder, self.coursedir.root))
        return all(map(is_showable, own.parts))

    def _add_missing_notebooks(self) -> None:
        """Let nbgrader visit students too who handed in no notebook, or not all of them."""
        wanted = fnmatch.filter(sorted(self.release), self.coursedir.notebook_id)
        folders = glob.glob(self._folder(self.coursedir.student_id))
        for folder in filter(self._is_showable, folders):
            found = self.converter.assignments.setdefault(folder, [])
            paths = (os.path.join(folder, f"{name}.ipynb") for name in wanted)
            found.extend(path for path in paths if path not in found)

    def _leave_out_obstacles(self) -> None:
        """Keep nbgrader from copying what would stop it; our grading reads for itself."""
        source = Path(
            self.coursedir.format_path(self.coursedir.source_directory, ".", self.assignment.slug)
        )
        released = [
            path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()
        ]
        folders = [Path(folder) for folder in self.converter.assignments]
        for said, paths in (
            (UNCOPIED, [path for one in folders for path in obstacles(one, released)]),
            (ACTIVE, [path for one in folders for path in active_files(one)]),
        ):
            for path in sorted({glob.escape(str(path)) for path in paths}):
                if path not in self.coursedir.ignore:
                    self.log.warning(said, path)
                    # nbgrader joins each pattern to a file's folder: a whole path stays whole.
                    self.coursedir.ignore = [*self.coursedir.ignore, path]

    def _leave_out_unclear_times(self) -> None:
        """Keep nbgrader's own steps after this one from a time of handing in that is none."""
        for folder in self.converter.assignments:
            path = Path(folder, NAME)
            try:
                read_time(path)
            except UnclearTimeError:  # the course directory says so when it looks there
                self.coursedir.ignore = [*self.coursedir.ignore, glob.escape(str(path))]

    def _folder(self, student: str) -> str:
        """Where a student's submitted files are; `student` may be a pattern, as in nbgrader."""
        coursedir = self.coursedir
        path: str = coursedir.format_path(
            coursedir.submitted_directory, student, self.assignment.slug
        )
        return path
