"""Parts of the readers of guards and gateways: their configurations, the addresses and providers that they lead to."""
