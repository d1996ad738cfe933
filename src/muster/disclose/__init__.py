"""Disclose: who must be told by when, and outward words built from confirmed facts."""
