"""HTTP and HTML: translates between browsers and casework, decides nothing."""
