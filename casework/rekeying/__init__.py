"""A new master key takes the former one's place while people work."""
