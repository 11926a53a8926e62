"""The neurons that training starts from, and the space that they move in."""
