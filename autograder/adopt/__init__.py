"""Assignments of nbgrader and of otter as they are, with their tests where no student's code reaches.

Reads source notebooks, runs them in two sandboxes, and finds out which test cells that suits.
Knows neither reports nor classes.
"""
