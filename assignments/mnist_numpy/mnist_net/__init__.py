"""A network for images of digits, written in NumPy alone."""
