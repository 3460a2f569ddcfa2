"""Tests of policy: rules named `test_…`, and fixtures that say which findings they should give, on both engines."""
