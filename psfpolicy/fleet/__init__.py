"""One view over many deployments: reports read, counted, and shown. Nothing is decided here."""
