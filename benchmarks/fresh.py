"""One measurement per process: ``repeated`` starts the calling script again, ``report`` prints what it measured.

The first process leaves its compiled code behind and is not counted; figures are medians over the others.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any


def seconds(call: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Wall-clock and processor seconds of one call with the peak memory of the process so far, and its answer."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = call()
    taken = {"seconds": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    return {**taken, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}, answer


def report(figures: dict[str, Any]) -> None:
    """Hand the figures of this process to the one that started it."""
    print(json.dumps(figures))


def repeated(script: str, *arguments: Any, repeats: int, warm: tuple[Any, ...] | None = None) -> dict[str, float]:
    """Medians of ``script --one arguments`` over new processes, after one with ``warm`` (the arguments themselves)."""
    _once(script, arguments if warm is None else warm)
    runs = [_once(script, arguments) for _ in range(repeats)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _once(script: str, arguments: tuple[Any, ...]) -> dict[str, float]:
    command = [sys.executable, script, "--one", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
