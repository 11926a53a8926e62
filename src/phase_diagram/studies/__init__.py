"""Studies: what is measured for the figures that are no phase diagrams; tables in and out."""
