package psfpolicy.lib.hosting_test

import data.psfpolicy.lib.hosting

test_machines_are_foreign_unless_the_engine_is_self_run if {
	every kind in ["cloud-managed", "managed-inference", "provider-hosted", "hosted-api"] {
		hosting.foreign_machines({"spec": {"serving": {"hosting": kind}}})
	}
	every kind in ["on-prem", "self-managed-kubernetes", "self-managed-vm"] {
		not hosting.foreign_machines({"spec": {"serving": {"hosting": kind}}})
	}
}

test_absent_hosting_is_not_foreign if not hosting.foreign_machines({"spec": {}})
