"""Auto-graded machine-learning assignments in NumPy, and the grader that marks them."""

import logging

__version__ = "0.1.0"
DISTRIBUTION = (
    "numpy-autograder"  # what pip installs; the name `autograder` belongs to others there
)

logging.getLogger(__name__).addHandler(logging.NullHandler())  # see `logs`
