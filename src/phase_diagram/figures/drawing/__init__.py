"""Common parts of figures: style, layout, marks, saving."""
