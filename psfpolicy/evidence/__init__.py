"""Evidence: manifests to facts, each at its place. Nothing is run, fetched, rendered or decided here."""
