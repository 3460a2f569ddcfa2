package psfpolicy.lib.pins_test

import data.psfpolicy.lib.pins

_commit := "6f6073b423013f6a7d4d9f39144961bfbfbc386b"

_digest := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

test_commit_is_forty_hexadecimal_digits if {
	pins.commit(_commit)
	not pins.commit("6f6073b423013f6a7d4d9f39144961bfbfbc386")
	not pins.commit("6f6073b423013f6a7d4d9f39144961bfbfbc386bb")
	not pins.commit("6f6073b423013f6a7d4gg9f39144961bfbfbc386b")
	not pins.commit("6f6073b423013f6a7d4g9f39144961bfbfbc386b")
	not pins.commit("main")
	not pins.commit("")
}

test_commit_of_zeros_is_none if not pins.commit("0000000000000000000000000000000000000000")

test_digest_is_sixty_four_hexadecimal_digits if {
	pins.digest(_digest)
	not pins.digest(substring(_digest, 0, 63))
	not pins.digest(concat("", [_digest, "0"]))
	not pins.digest(replace(_digest, "d", "x"))
}

test_item_is_fixed_by_a_commit_or_a_digest_as_its_revision if {
	pins.fixed({"revision": _commit})
	pins.fixed({"revision": _digest})
	not pins.fixed({"revision": "main"})
	not pins.fixed({"name": "a"})
}

test_release_holds_a_digit_and_no_moving_name if {
	every text in ["0.33.0", "v0.6.3.post1", "24.08-py3", "b4321"] { pins.release(text) }
	every text in ["latest", "latest-cu124", "nightly-2024", "stable", ""] { not pins.release(text) }
	every text in [">=0.33", "<1", "^0.33", "~=0.33", "0.33.*", "0.x", "0.33.0 or later"] { not pins.release(text) }
}

test_image_is_pinned_by_a_digest_or_a_tag if {
	pins.image(concat("", ["vllm/vllm-openai:latest@sha256:", _digest]))
	pins.image("vllm/vllm-openai:v0.33.0")
	pins.image("registry.example.com:5000/vllm:0.33.0")
}

test_digested_asks_for_a_name_and_a_whole_digest if {
	hash := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	pins.digested($"vllm/vllm-openai:v0.33.0@sha256:{hash}")
	not pins.digested($"@sha256:{hash}")
	not pins.digested("vllm/vllm-openai@sha256:9f86")
	not pins.digested("vllm/vllm-openai:v0.33.0")
}

test_image_is_not_pinned_without_a_tag_or_by_a_moving_one if {
	not pins.image("vllm/vllm-openai")
	not pins.image("registry.example.com:5000/vllm")
	not pins.image("vllm/vllm-openai:latest")
	not pins.image("vllm/vllm-openai:v0.33.0@sha256:abc")
	not pins.image("")
}

test_dated_version_holds_a_date if {
	every text in [
		"2024-08-06", "gpt-4o-2024-08-06", "claude-3-5-sonnet-20241022-v2:0",
		"command-r-08-2024", "mistral-large-2411", "gpt-4-0613", "2025.04",
	] {
		pins.dated(text)
	}
}

test_version_without_a_date_is_not_dated if {
	every text in ["latest", "gpt-4o", "gpt-4o-2024", "claude-opus-4-1", "2024-13", "20241322", "20241032", "v1", "4096", "1299", ""] {
		not pins.dated(text)
	}
}
