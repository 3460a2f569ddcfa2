package psfpolicy.packs.bank.registry_test

import data.psfpolicy.packs.bank.registry

_digest := "sha256:b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2"

_foreign := "which is not from `registry.bank.example`"

test_an_image_of_the_registry_with_a_digest if {
	every name in ["registry.bank.example/llm-guard", "Registry.BANK.example/guards/llm-guard", "registry.bank.example/a:1.2"] {
		not registry.objection($"{name}@{_digest}")
	}
}

test_what_only_looks_like_the_registry if {
	every name in [
		"registry.bank.example.evil.com/llm-guard",
		"evil.com/registry.bank.example/llm-guard",
		"xregistry.bank.example/llm-guard",
		"registry.bank.example:5000/llm-guard",
		"registry.bank.example@evil.com/llm-guard",
		"registry.bank.example./llm-guard",
		"registry-bank.example/llm-guard",
		"https://registry.bank.example/llm-guard",
		"registry.bank.example/../evil/llm-guard",
		"registry.bank.example//llm-guard",
		"registry.bank.example/a@b",
		"registry.bank.example/a b",
		" registry.bank.example/a",
		"registry.bank.example",
		"llm-guard",
		"",
	] {
		image := $"{name}@{_digest}"
		registry.objection(image) == $"`{image}`, {_foreign}"
	}
}

test_a_digest_that_is_none if {
	every image in [
		"registry.bank.example/llm-guard",
		"registry.bank.example/llm-guard:1.2",
		"registry.bank.example/llm-guard@sha256:",
		"registry.bank.example/llm-guard@sha256:b3c4",
		"registry.bank.example/llm-guard@md5:b3c4d5e6f708192a3b4c5d6e7f8091a2",
		"registry.bank.example/llm-guard@sha256:0000000000000000000000000000000000000000000000000000000000000000",
	] {
		registry.objection(image) == $"`{image}`, which has no digest"
	}
}
