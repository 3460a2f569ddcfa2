package psfpolicy.lib.decoding_test

import data.psfpolicy.lib.decoding

_descriptor(section) := {"spec": {"outputs": {"constrainedDecoding": section}}}

test_a_library_constrains if decoding.constrained(_descriptor({"library": "outlines"}))

test_none_does_not_constrain if not decoding.constrained(_descriptor({"library": "none"}))

test_a_fine_tuned_model_is_not_constrained if not decoding.constrained(_descriptor({"library": "fine-tuned"}))

test_a_schema_without_a_library_does_not_constrain if not decoding.constrained(_descriptor({"schema": "a.json"}))

test_nothing_declared_does_not_constrain if not decoding.constrained({"spec": {}})
