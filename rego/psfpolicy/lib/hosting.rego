# METADATA
# title: Hosting
# description: |
#   What the kind of hosting takes out of the deployer's hands, beside what `terms` says.
#   True or undefined: a hosting that is not said leaves everything in the deployer's hands.
package psfpolicy.lib.hosting

_foreign := {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"}

# foreign_machines: someone else's machines and someone else's engine.
foreign_machines(descriptor) if descriptor.spec.serving.hosting in _foreign
