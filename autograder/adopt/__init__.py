"""Assignments of nbgrader and otter as they are, with their tests out of reach of student code.

Reads source notebooks, runs them in two sandboxes, and finds out which test cells that suits.
Knows neither reports nor classes.
"""
