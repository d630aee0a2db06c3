"""What is new in the routines, in plain words, for those whom it concerns."""
