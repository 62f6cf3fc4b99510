"""Fully connected networks: layers, the loss, models and their training."""
