"""The states' directories: kept by their states, followed by their partners."""
