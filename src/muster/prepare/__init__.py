"""Prepare: which version of the plan is in force, and who approved it."""
