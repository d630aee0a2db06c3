"""How long cases are kept, what holds them back, and who agrees that they go."""
