"""Data sets for the assignments: found, checked, read and split. Knows nothing of grading."""

from datasets.download import DownloadError, fetch
from datasets.overview import Row, describe
from datasets.places import MissingDataError
from datasets.readers import DataFormatError
from datasets.registry import DATASETS, Dataset, File, UnknownDatasetError
from datasets.splits import Split, load, standardise

__all__ = [
    "DATASETS",
    "DataFormatError",
    "Dataset",
    "DownloadError",
    "File",
    "MissingDataError",
    "Row",
    "Split",
    "UnknownDatasetError",
    "describe",
    "fetch",
    "load",
    "standardise",
]
