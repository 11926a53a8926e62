"""The plane of the two exponents: coordinates of initialisations, and theory in closed form."""
