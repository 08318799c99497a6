"""The ministry's side: what a submitter's system does with its gateway."""
