"""The registry in the browser: intake, periods, lists, look-up, erasure, jobs."""
