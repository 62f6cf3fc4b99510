"""Gradescope: the zip that an instructor uploads, and what happens in the container it makes."""
