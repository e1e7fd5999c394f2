"""Networks made of road lines, and the links that they lack."""
