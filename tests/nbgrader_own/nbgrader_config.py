"""Our settings in front of all others, in a folder that JUPYTER_CONFIG_PATH names."""

from autograder.nbgrader_plugin import configure

configure(get_config())  # type: ignore[name-defined]  # noqa: F821 - given by nbgrader
