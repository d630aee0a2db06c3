"""HTTP and HTML: translates between people and casework, decides nothing."""
