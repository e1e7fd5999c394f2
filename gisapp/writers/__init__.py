"""The only code that makes a file for someone else: GeoJSON, geodata, tables, documents."""
