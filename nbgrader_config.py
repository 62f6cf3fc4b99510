"""nbgrader's settings for this folder as a course directory; any other can do the same."""

try:
    from autograder.nbgrader_plugin import configure
except ImportError as error:
    # nbgrader merely logs an ImportError here and goes on, running students' code on this machine.
    raise SystemExit(f"nbgrader was stopped: {error}. Install this package beside it.") from error

configure(get_config())  # type: ignore[name-defined]  # noqa: F821 - given by nbgrader
