# METADATA
# title: Switches
# description: |
#   What an engine can be started with that opens more of it than its model: for each, the control that answers for it and what it
#   does. Nobody has to declare that a switch is off; one that is declared, or that a manifest shows, is a place of its control.
package psfpolicy.switches

import data.psfpolicy.evidence

_section := ["spec", "security", "hardening"]

_kinds := {
	"security-endpoint-auth": {
		"devEndpoints": "whoever reaches the engine can run calls inside it",
		"jobInterface": "whoever reaches the interface for jobs runs code on the machines of the engine",
		"plaintextSidecar": "what clients send and get passes a proxy beside the engine in plain text",
		"publicTunnel": "a tunnel leads from the internet to the engine, past every gateway",
		"remoteWorkers": "the engine works with others over a channel that asks nobody who they are",
	},
	"security-weights-integrity": {
		"insecureSerialization": "what comes from outside is unpickled, which runs code",
		"requestCode": "a request can bring code along",
		"runtimeModelUpdates": "weights or adapters can be replaced while the engine runs",
	},
	"security-hardening": {
		"builtinTools": "the engine runs tools of its own for the model",
		"clientSharedMemory": "clients can name regions of shared memory",
		"customModules": "modules from outside the engine's package run inside it",
		"debugEndpoints": "endpoints for debugging are served",
		"localMediaPath": "a request can name files of the machine",
		"openAdminPaths": "the paths that administer the engine are served to everybody",
		"profilerEndpoints": "whoever reaches the engine can start its profiler",
		"requestChatTemplates": "a request can bring its own chat template",
	},
}

# findings on the switches that are declared or shown, by control.
findings[control] contains {"path": path, "status": status, "message": message, "reads": [path]} if {
	some control, kinds in _kinds
	some key, does in kinds
	path := array.concat(_section, [key])
	on := _state(path)
	[status, message] := _answers(key, does)[on]
}

_state(path) := object.get(input.descriptor, path, null) if not _shown_alone(path)

_state(path) if _shown_alone(path)

# What one manifest shows is on counts, though another shows it off or leaves it open, so that it was not filled in.
_shown_alone(path) if {
	object.get(input.descriptor, path, null) == null
	evidence.proved[path][true]
}

_answers(key, does) := {
	true: ["fail", $"`{key}` is on: {does}; wanted: `{key}: false`, and the switch taken out where the engine is started"],
	false: ["pass", $"`{key}` is off"],
}

# unsettled switches are those that manifests bear on and nothing settles, by control.
unsettled[control] contains path if {
	some control, kinds in _kinds
	some key, _ in kinds
	path := array.concat(_section, [key])
	object.get(input.descriptor, path, null) == null
	count(evidence.touching[path]) > 0
}
