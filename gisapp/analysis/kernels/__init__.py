"""Compiled loops, one small file each; their libraries are the oracles in the tests."""
