"""A district's folder as a whole: init, add, check, doctor."""
