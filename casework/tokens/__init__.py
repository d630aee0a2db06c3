"""Access tokens: somebody lets a program of theirs act for them, no further than they choose."""
