"""What makes a pocket: tests over areas, outlines, stability, and how a pocket lives on."""
