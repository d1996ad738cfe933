"""The plan: what was agreed before. Until one is approved, the small built-in plan is in force."""
