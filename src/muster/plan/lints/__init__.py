"""The linter's rules, one file a room of the plan; `muster.plan.lint` runs them all."""
