"""The explorer: an interactive page that shows every grid point of every experiment."""
