"""From manifests to a descriptor: what they prove is written, what they leave open is asked."""
