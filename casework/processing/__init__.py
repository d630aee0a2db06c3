"""The register of processing that the law asks for, and what went wrong with data."""
