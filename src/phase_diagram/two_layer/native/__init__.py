"""Compiled passes, and what the C libraries beneath torch are told."""
