"""Least squares, ridge regression and Tikhonov regularisation in NumPy."""
