"""Auto-graded machine-learning assignments in NumPy, and the grader that marks them."""

__version__ = "0.1.0"
DISTRIBUTION = (
    "numpy-autograder"  # what pip installs; the name `autograder` belongs to others there
)
