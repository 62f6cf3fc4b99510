"""What is said where the layout of a folder or zip is not certain, or not the one asked for."""

from __future__ import annotations

from autograder.layout import Layout

EXAMPLES = {
    Layout.CANVAS: "doejane_12345_678910_nn.py",
    Layout.MOODLE: "Jane Doe_12345_assignsubmission_file_",
    Layout.BLACKBOARD: "Homework 1_jdoe_attempt_2024-02-01-10-00-00_nn.zip",
    Layout.BRIGHTSPACE: "123-456 - Jane Doe - Feb 1, 2024 1005 AM",
    Layout.GRADESCOPE: "submission_metadata.yml",
    Layout.GITHUB: "hw1-submissions/hw1-jdoe",
    Layout.EXCHANGE: "jdoe+hw1+2024-02-01 10:00:00.000000 UTC",
}
NOT_OF_THE_FORM = (
    "{place} is no download of {platform}: nothing in it is called like `{example}`. Leave --layout"
    " out, or choose another; `autograder inspect` shows what is found."
)
NO_SECTIONS = (
    "{place} has no folder that could be a section. Leave --layout out, or choose another."
)
GUESSED_CLASS = (
    "`{place}` is taken for a class, because {count} of the folders and files in it hold work; a"
    " zip by one student may look the same. `--layout class` or `--layout student` settles it."
)
GUESSED_ONE = (
    "`{place}` is taken for a class of one, `{student}`, because of what the two are called."
    " `--layout class` or `--layout student` settles it."
)
GUESSED_BESIDE = (
    "`{place}` is taken for a class, because {count} folders in it have the assignment's files;"
    " it has such files itself, too. `--layout class` or `--layout student` settles it."
)
GUESSED_SECTIONS = (
    "The folders in `{place}` are taken for sections, because of {students} in `{section}`."
    " `--layout sections` or `--layout class` settles it."
)
GUESSED_SECTIONS_OF_ONE = (
    "The folders in `{place}` are taken for sections of one student each, because of what they are"
    " called. `--layout sections` or `--layout class` settles it."
)
