"""Neural networks from modules: layers that remember, networks that chain them, optimisers."""
