"""The register of reports: hand one in, read what came of them."""
