"""What figures share: style, layout, marks, saving."""
