"""Muster: incident response for teams that build and run software."""
