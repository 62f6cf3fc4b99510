"""From `solutions/` to `assignments/`: the only way in which a released file comes about."""
