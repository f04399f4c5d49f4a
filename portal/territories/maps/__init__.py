"""Maps made on the server: outlines imported from GeoJSON, hexagons where there is none, always beside their table."""
