"""The ``gisapp`` command: reads the words, calls one function, prints."""
