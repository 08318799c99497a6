"""Pages for people who check: auditors first."""
