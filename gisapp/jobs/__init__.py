"""Work in the background: queued, watched, cancelled; it is handed functions and knows none of them."""
