# METADATA
# title: Flowing
# description: What several controls ask of one flow, as `psfpolicy.flows` gives it, and how a message words it.
package psfpolicy.lib.flowing

import data.psfpolicy.lib.text

# What "no third party" and the agreements are about: the text itself, and what is written of it.
_data := {"logs", "prompts", "responses", "traces"}

# data that a flow carries.
data_of(flow) := {carried | some carried in flow.carries; carried in _data}

# subject of a message.
subject(flow) := _words[flow.kind]

subject(flow) := $"{object.get(_kinds, flow.kind, flow.kind)} `{flow.name}`" if not _words[flow.kind]

_words := {"inference": "inference", "weights": "the download of weights", "telemetry": "the telemetry of the engine"}

_kinds := {"detector": "PII detector", "egress": "egress rule", "other": "flow"}

# told is the subject with what it carries.
told(flow) := $"{subject(flow)} carries {text.all_of(flow.carries)}"

# reads are the keys that its operator and what it carries follow from.
reads(flow) := array.concat(flow.what, flow.who)
