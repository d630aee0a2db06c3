"""The list of representatives from a spreadsheet: read, compared, shown, then written."""
