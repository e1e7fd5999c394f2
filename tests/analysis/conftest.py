"""Property tests here run compiled kernels, whose first call compiles: no deadline per example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
