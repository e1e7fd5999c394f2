"""The MPM in the browser: queue, case, desk, lists, meeting, acceptance."""
