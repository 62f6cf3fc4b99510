"""nbgrader's settings for this course: our assignments are graded in a sandbox."""

try:
    from autograder.nbgrader_plugin import configure
except ImportError as error:
    # nbgrader merely logs an ImportError here and goes on, running students' code on this machine.
    raise SystemExit(
        f"nbgrader was stopped: {error}. Install numpy-autograder beside it."
    ) from error

configure(get_config())  # type: ignore[name-defined]  # noqa: F821 - given by nbgrader
