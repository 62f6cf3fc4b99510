"""Convolutional networks on images of shape (N, height, width, channels)."""
