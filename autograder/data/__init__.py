"""Data sets for the assignments: found, checked, read and split. Knows nothing of grading."""

from autograder.data.download import DownloadError, fetch
from autograder.data.overview import DatasetRow, describe
from autograder.data.places import MissingDataError
from autograder.data.readers import DataFormatError
from autograder.data.registry import DATASETS, Dataset, File, UnknownDatasetError
from autograder.data.splits import Split, load, load_all, load_published, sample, standardise

__all__ = [
    "DATASETS",
    "DataFormatError",
    "Dataset",
    "DatasetRow",
    "DownloadError",
    "File",
    "MissingDataError",
    "Split",
    "UnknownDatasetError",
    "describe",
    "fetch",
    "load",
    "load_all",
    "load_published",
    "sample",
    "standardise",
]
