"""Looking back on an incident: each part of the after-action report, computed from the entries and the plan, and from nothing else."""
