"""Pure mathematics: arrays or frames in, frames out. No file, no clock, no hidden random numbers."""
