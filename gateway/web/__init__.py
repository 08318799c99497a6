"""What answers on the wire: the submitter API and the peer API."""
