"""The small district as fixtures."""

import pytest
from small_district import SmallRun, small_workspace


@pytest.fixture
def run():
    return SmallRun()


@pytest.fixture
def workspace():
    return small_workspace()
