"""CQL2 (OGC 21-065r2) over frames: text and JSON become one expression, which is evaluated and never executed."""
