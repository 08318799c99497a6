"""What a gateway is told by its file."""
