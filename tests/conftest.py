"""Fixtures that more than one test module uses."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def extractor():
    """The packaged extractor, loaded once for all tests."""
    from critextract import load

    return load()


@pytest.fixture(scope="session")
def shared():
    """The folder of corpora beside the checkout, where it is there."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared here")
    return folder
