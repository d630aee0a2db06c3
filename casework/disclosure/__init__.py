"""What leaves Samplan: all that is held, for the person; something, to others, by right."""
