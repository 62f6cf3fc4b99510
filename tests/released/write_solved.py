"""Write every assignment's folder with the solutions filled in: write_solved.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.assignment import list_assignments
from autograder.authoring import reference_files
from autograder.files import write_atomically


def main(folder: Path) -> None:
    for assignment in list_assignments():
        for path, data in reference_files(assignment).items():
            write_atomically(folder / assignment.slug / path, data)
        print(f"{assignment.slug}: written with its solutions to {folder / assignment.slug}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
