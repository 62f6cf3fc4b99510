"""An adopted notebook in two sandboxes: the student's code in one, the course's tests in another.

`student` serves the one, `judge` runs in the other; what they exchange is plain data. Neither knows
anything of grading.
"""
