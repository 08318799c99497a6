"""What runs beside the servers: delivery, checkpoints, cosignatures."""
