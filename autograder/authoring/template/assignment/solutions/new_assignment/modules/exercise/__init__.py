"""The code of this assignment."""
