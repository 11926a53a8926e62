"""The explorer: one page on which every grid point of every experiment can be looked at."""
