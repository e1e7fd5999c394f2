"""Windows, draws and clusters of the scan statistics."""
