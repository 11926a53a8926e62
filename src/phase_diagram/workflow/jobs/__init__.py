"""The jobs of the workflow; one module for each script of the rules."""
