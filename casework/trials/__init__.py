"""A draft is known by playing it."""
