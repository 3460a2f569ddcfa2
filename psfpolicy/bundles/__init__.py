"""Bundles: one file of compiled policy, its sources and what it says of itself, which is an ordinary OPA bundle, too.

A bundle is data from elsewhere: `archive` takes its files out within bounds, `signatures` holds them against a key,
`reading` against each other, `force` puts what stands into force.
"""
