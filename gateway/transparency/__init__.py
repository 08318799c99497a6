"""The logs: integrate entries, publish checkpoints, prove, and witness a partner."""
