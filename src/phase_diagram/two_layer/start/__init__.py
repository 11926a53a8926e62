"""Initial neurons, and the space in which training moves them."""
