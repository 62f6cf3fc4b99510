"""What the course has decided for each data set: goals, numbers of images, settings, times.

The numbers are in ``settings.json`` beside this file.
"""

import difflib
import json
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).resolve().parent / "settings.json"


@dataclass(frozen=True)
class Settings:
    """The decisions for one data set.

    Attributes
    ----------
    training : how many images each part has, and what the notebook trains with
    goals : the accuracies that trained networks have to reach
    weights_count : whether grading reads the weights that you save
    """

    training: dict
    goals: dict = field(default_factory=dict)
    weights_count: bool = False


def load_settings(dataset):
    """The settings for one data set.

    Raises
    ------
    ValueError
        No data set has this name; those with the most similar names are in the message.
    """
    content = json.loads(FILE.read_text(encoding="utf-8"))
    require_known(dataset, content["training"])
    goals = content["thresholds"].get(dataset, {})
    return Settings(content["training"][dataset], goals, content["weights_count"])


def require_known(dataset, known):
    """Require that a data set is one of the known ones, and say which are meant if it is not."""
    if dataset in known:
        return
    near = difflib.get_close_matches(str(dataset).lower(), known, n=2, cutoff=0.5)
    meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    raise ValueError(f"No data set is called {dataset!r}.{meant} There are: {', '.join(known)}.")
