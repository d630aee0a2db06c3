"""Whether an installation is well: what whoever runs it should see to, and how."""
