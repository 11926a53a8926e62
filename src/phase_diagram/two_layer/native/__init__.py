"""Compiled passes, and settings of the C libraries that torch uses."""
