package psfpolicy.lib.hosts_test

import data.psfpolicy.lib.hosts

test_private_addresses_and_ranges if {
	every address in ["10.0.0.0/8", "10.20.0.0/16", "172.31.0.1", "192.168.1.0/24", "127.0.0.1", "::1", "fd00::/8", "localhost"] {
		hosts.private(address)
	}
}

test_public_addresses_and_ranges_are_not_private if {
	every address in ["10.0.0.0/7", "172.32.0.1", "8.8.8.8", "0.0.0.0/0", "::/0", "2001:db8::/32"] {
		not hosts.private(address)
	}
}

test_address_that_readers_take_differently_is_not_private if {
	every address in ["010.0.0.1", "::ffff:10.0.0.1", "::ffff:a00:1", "10.evil.example", "a.b", ""] {
		not hosts.private(address)
	}
}

test_host_of_an_address if {
	hosts.of_url("https://otel.example.com:4317/v1") == "otel.example.com"
	hosts.of_url("https://user:secret@10.0.0.1/x") == "10.0.0.1"
	hosts.of_url("http://[fd00::1]:9090/") == "fd00::1"
	hosts.of_url("10.0.0.5:4317") == "10.0.0.5"
}

test_what_looks_like_a_user_after_the_host_is_none if {
	every url in ["https://evil.example?@10.0.0.1", "https://evil.example#@10.0.0.1", "https://evil.example\\@10.0.0.1"] {
		hosts.of_url(url) == "evil.example"
	}
	hosts.of_url("https://10.0.0.1@evil.example/") == "evil.example"
}

test_wildcards_over_what_anyone_can_have if {
	every host in ["*", "*.", "*.com", "*.com.", "*.amazonaws.com", "*.S3.eu-central-1.AmazonAWS.com", "*.core.windows.net"] {
		hosts.wildcard(host, {"amazonaws.com", "windows.net"})
	}
	hosts.wildcard("*.example.com", {"shared.example.com"})
}

test_wildcards_over_what_registries_give_out if {
	every host in ["*.co.uk", "*.COM.au", "*.org.uk."] { hosts.wildcard(host, set()) }
	not hosts.wildcard("*.example.uk", set())
	not hosts.wildcard("*.co.example", set())
}

test_domain_that_a_host_is_or_lies_below if {
	domains := {"amazonaws.com": {}, "s3.amazonaws.com": {}}
	hosts.domain("amazonaws.com", domains) == "amazonaws.com"
	hosts.domain("Bucket.S3.AmazonAWS.com.", domains) == "s3.amazonaws.com"
	not hosts.domain("notamazonaws.com", domains)
	not hosts.domain("com", domains)
}

test_names_that_only_the_network_resolves_are_its_own if {
	every name in ["otel-collector", "otel.monitoring.svc", "otel.monitoring.svc.Cluster.Local.", "db.corp.internal", "10.0.0.1"] {
		hosts.own(name)
	}
	every name in ["", "example.com", "134744072", "0x8080808", "*", "*.svc", "::ffff:808:808", "internal.example.com"] {
		not hosts.own(name)
	}
}

test_names_that_a_reader_may_take_for_others_are_not_its_own if {
	every url in ["https:evil.example", "https:/evil.example", "https:\\\\evil.example", "https://evil%2eexample", "https://evil。example", "otel:"] {
		not hosts.own(hosts.of_url(url))
	}
	every url in ["https://otel:4317/x", "otel_collector:4317", "http://[fd00::1]:9090"] { hosts.own(hosts.of_url(url)) }
}

test_files_of_the_machine if {
	every endpoint in ["file:///var/log/x", "/var/log/x", "./x", "../x", "~/x", "file:/x"] { hosts.file(endpoint) }
	every endpoint in ["//server/share", "file://server/x", "https://a.example", "a.example:4317"] { not hosts.file(endpoint) }
}

test_a_name_or_a_wildcard_of_ones_own_is_none if {
	every host in ["s3.amazonaws.com", "*.eu.example.com", "*.notamazonaws.com", "example.com"] {
		not hosts.wildcard(host, {"amazonaws.com", "windows.net"})
	}
}
