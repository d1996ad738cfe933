"""The plan: what was agreed before, as typed models of a tree of files, with a linter.

Until a plan is approved, the small built-in plan (`builtin`) is in force.
"""
