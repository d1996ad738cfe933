"""Channels: the outside, each behind one adapter that the door calls: mail, webhooks."""
