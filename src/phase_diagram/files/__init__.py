"""Files: written whole or not at all, read with clear errors, told apart by their contents."""
