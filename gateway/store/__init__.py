"""Durable state: SQLAlchemy Core statements beside the tables they use."""
