"""Which figures must stay hidden, beside those of `disclosure`."""
