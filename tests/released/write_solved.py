"""Write every assignment's folder with the solutions filled in: write_solved.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.authoring import read_assignment, reference_files, source_slugs
from autograder.course import shipped_course
from autograder.files import write_atomically


def main(folder: Path) -> None:
    course = shipped_course()
    for slug in source_slugs(course):
        for path, data in reference_files(read_assignment(slug, course)).items():
            write_atomically(folder / slug / path, data)
        print(f"{slug}: written with its solutions to {folder / slug}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
