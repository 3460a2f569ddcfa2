"""From Rego to a bundle: what is compiled, catalogued and packed. `policy/build.py` and `psfpolicy bundle` use it."""
