"""What is measured on a trained network."""
