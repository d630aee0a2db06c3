"""A history to try Samplan with: fictional cases, lived through by the real commands."""
