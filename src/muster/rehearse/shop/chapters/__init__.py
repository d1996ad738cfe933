"""The chapters of the script, in the order of the night."""
