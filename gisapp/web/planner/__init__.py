"""Pages, data and files for planners and for programs."""
