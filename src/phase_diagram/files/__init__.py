"""Files: written atomically, read with clear errors, compared by their contents."""
