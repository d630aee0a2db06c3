"""The register of reports: hand one in, find it, see to it. What a report is: `reports`."""
