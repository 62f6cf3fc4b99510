"""Fully connected neural networks in NumPy: layers, losses, classifiers, training."""
