"""What to do where the files of a data set are missing: where they are, a command, and a folder."""

import tomllib
from pathlib import Path

REGISTRY = Path(__file__).resolve().parent / "registry.toml"

MISSING = """\
{title} is not here: there is no {wanted} in {folder}.
1. Download it, {size} MB, from {home}, or in a terminal in that folder:
{commands}
2. Name the folder, in a cell above everything else, and run all cells again:
       import os
       os.environ["AUTOGRADER_DATA"] = {folder!r}
The data set that the notebook comes with needs none of this."""


def missing_data(name, folder, wanted):
    """The error for a data set whose files are not in the folder.

    Parameters
    ----------
    name : str
        As ``registry.toml`` has it.
    folder : Path
        Where was looked.
    wanted : sequence of names, with ``*`` for anything, of which one would do
    """
    registry = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))
    about = next(entry for entry in registry["dataset"] if entry["name"] == name)
    files = [file for file in registry["file"] if file["name"] in about["downloads"]]
    into = f"--create-dirs --output-dir {name} " if len(files) > 1 else ""
    return FileNotFoundError(
        MISSING.format(
            title=about["title"],
            wanted=" or ".join(wanted),
            folder=str(folder),
            size=round(sum(file["size"] for file in files) / 1e6),
            home=about["home"],
            commands="\n".join(f"       curl {into}-LO {file['urls'][0]}" for file in files),
        )
    )
