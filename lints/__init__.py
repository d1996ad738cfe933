"""The house's own lints: what ruff, pyright and import-linter do not see. `python -m lints` runs them all."""
