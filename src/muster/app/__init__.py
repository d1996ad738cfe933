"""What the product does: verbs, queries, sign-in, intake, and the detection process beside it."""
