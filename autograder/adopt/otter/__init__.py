"""The format of `otter assign`, read as cells that the same engine runs. Runs nothing.

Written from otter's documentation; otter itself need not be installed.
"""
