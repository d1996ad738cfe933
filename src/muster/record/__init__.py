"""The record: entries in streams, hash chain, checkpoints, proofs and their verification. Pure."""
