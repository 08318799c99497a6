"""Agreement texts as people make, compare, read and sign them; the decision is in `model`."""
