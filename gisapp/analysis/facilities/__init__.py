"""Which facilities there are, once each, and where they are lacking."""
