"""Tests of casework need every table of casework."""

import casework.tables  # noqa: F401
