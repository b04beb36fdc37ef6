"""What registers are made of, and the registry that finds them."""
