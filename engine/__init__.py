"""Runs diagrams: releases of packs, the check before they run, commands, decisions."""
