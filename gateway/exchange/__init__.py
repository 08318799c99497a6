"""The way of a record: each step one module (DESIGN section 2)."""
