package psfpolicy.lib.spelling_test

import data.psfpolicy.lib.spelling

_same(key, values) if count({spelling.of(key, value) | some value in values}) == 1

_all_differ(key, values) if count({spelling.of(key, value) | some value in values}) == count(values)

test_an_image_is_the_same_with_what_is_taken_for_granted if {
	_same("image", ["vllm/vllm-openai:v1", "docker.io/vllm/vllm-openai:v1", "index.docker.io/vllm/vllm-openai:v1"])
	_same("image", ["nginx", "library/nginx", "docker.io/library/nginx:latest", "nginx:latest"])
	_same("image", ["a/b:v1@sha256:c", "docker.io/a/b@sha256:c"])
}

test_images_of_other_registries_tags_and_digests_differ if {
	_all_differ("image", [
		"a/b", "quay.io/a/b", "a/c", "a/b:v1", "a/b:V1", "a/b@sha256:c", "a/b@sha256:d", "localhost:5000/a/b",
		"quay.io/library/a", "library/library/a",
	])
}

test_an_address_is_the_same_without_what_its_scheme_has_anyway if {
	_same("endpoint", ["http://h:4317", "h:4317", "http://H:4317/", "HTTP://h:4317", "grpc://h:4317"])
	_same("endpoint", ["http://h", "http://h:80/", "h:80"])
	_same("endpoint", ["https://h/v1/traces", "https://H:443/v1/traces/"])
	_same("endpoint", ["otel.obs.svc:4317", "http://otel.obs.svc.cluster.local:4317"])
	_same("uri", ["s3://Bucket/a", "S3://bucket/a/"])
}

test_addresses_of_other_hosts_ports_schemes_and_paths_differ if {
	_all_differ("endpoint", [
		"http://h:4317", "https://h:4317", "http://h:4318", "http://g:4317", "http://h:4317/v1", "http://h:4317/V1", "h",
		"http://[fd00::1]", "http://[fd00::1]:81", "/var/log", "/Var/log", "./log", "file:///a", "https://h",
	])
}

test_names_are_the_same_in_any_case_and_paths_are_not if {
	_same("id", ["Org/Model", "org/model"])
	_all_differ("source", ["/A", "/a", "./A", "../A", "a", "s3://b/A", "s3://b/a"])
	_same("host", ["HF.co", "hf.co."])
	_all_differ("revision", ["Main", "main"])
}
