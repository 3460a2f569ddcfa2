"""Docker compose: services as files describe them, their variables filled in, and what they open and may do."""
