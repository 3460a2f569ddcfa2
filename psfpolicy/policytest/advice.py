"""What to write instead of what no policy here may hold."""

from __future__ import annotations

from typing import Final

ADVICE: Final = {
    "all": "write `every item in items { … }`",
    "any": "write `some item in items`, and the condition below it",
    "ceil": "round half up on integers: `floor((2 * a + b) / (2 * b))`; engines differ on the ceiling of a decimal",
    "crypto.": "a policy cannot compute digests: it decides on what the descriptor and the manifests say",
    "format_int": 'write a template string: `$"{number}"`',
    "glob.": "compare with `startswith`, `endswith` and `contains`, or with a list of names",
    "http.send": "a policy asks nothing of the network: put what it needs into a table, catalogue/<table>/data.yaml",
    "io.jwt.": "a policy cannot verify tokens: it decides on what the descriptor and the manifests say",
    "json.marshal": 'compare the values themselves, or name what matters of them in a template string: `$"{x.name}"`',
    "json.patch": "build the value: `object.union(value, {…})`, `object.remove(value, […])`",
    "lower": "names resolve whatever their capitals in data.psfpolicy.known; or compare with a set of both spellings",
    "net.cidr_contains_matches": "write `some range in ranges` and `net.cidr_contains(range, address)`",
    "net.cidr_expand": "compare ranges with `net.cidr_contains`; data.psfpolicy.lib.ranges sums them",
    "net.cidr_merge": "compare ranges with `net.cidr_contains`; data.psfpolicy.lib.ranges sums them",
    "net.lookup_ip_addr": "a policy asks nothing of the network: compare the name itself",
    "object.subset": "compare key by key: `every key, value in part { whole[key] == value }`",
    "opa.runtime": "a policy reads no environment: what decides stands in the descriptor or in a table",
    "print": "a test may print; a control may not. Take it out when it has served",
    "product": "multiply what there is: `a * b`",
    "rand.intn": "the same input gives the same answer: there is nothing random",
    "regex.": "compare with `startswith`, `endswith`, `contains` and `split`; a regular expression would cost 190 KB",
    "re_match": "compare with `startswith`, `endswith`, `contains` and `split`",
    "semver.": "compare versions by data.psfpolicy.lib.versions",
    "sprintf": 'write a template string: `$"guard {name} has action {action}"`',
    "strings.any_prefix_match": "write `some prefix in prefixes` and `startswith(text, prefix)`",
    "strings.any_suffix_match": "write `some suffix in suffixes` and `endswith(text, suffix)`",
    "strings.render_template": 'write a template string: `$"guard {name}"`',
    "time.": "a policy reads no clock: the day is `input.today`, and data.psfpolicy.lib.dates turns days into numbers",
    "trace": "a test may print; a control may not. Take it out when it has served",
    "units.": "the descriptor's schema has units in its keys (`memoryGb`); write the number",
    "upper": "names resolve whatever their capitals in data.psfpolicy.known; or compare with a set of both spellings",
    "uuid.": "the same input gives the same answer: there is nothing random",
    "walk": "name the path that the control is about",
    "yaml.": "it is read before: the descriptor is `input.descriptor`, a table `data.psfpolicy.catalogue.…`",
}
"""By a function's name, or by what its name begins with where that ends with a full stop."""

OTHERWISE: Final = (
    "only what WebAssembly has natively can be called; `opa build` has it in policy/capabilities.json of psfpolicy"
)
"""Of a function that OPA has and that is not named."""

SYNTAX: Final = {
    "`if` keyword is required before rule body": (
        "this is Rego as it was before OPA 1.0: write `allow if { … }`; `opa fmt -w --v0-v1 FILE` does it for you"
    ),
    "`contains` keyword is required for partial set rules": (
        "this is Rego as it was before OPA 1.0: write `findings contains x if { … }` for `findings[x] { … }`"
    ),
    "var cannot be used for rule name": "write `name := value`, `name if { … }` or `name contains x if { … }`",
    "non-terminated": "a bracket, a brace or a quote is not closed",
    "unexpected eof token": "a bracket, a brace or a quote is not closed",
}
"""By what the message of a mistake begins with or holds."""

TYPES: Final = {
    "undefined ref: input.": "no descriptor has such a key; `psfpolicy schema` prints those that there are",
    "undefined ref: data.": "there is no such rule; helpers of a pack stand below rego/psfpolicy/packs/<name>/",
    "undefined function data.": "there is no such function; helpers of a pack stand below rego/psfpolicy/packs/<name>/",
    "unused": "take it out, or name it `_`",
    "is unsafe": "nothing gives this variable a value: write `some x in …`, or `x := …`, before it is used",
    "recursive": "a control may read the findings of another one, and never the report that holds its own",
    "conflicting rules": "one name has one kind of rule: `contains` everywhere, or a value everywhere",
}
"""By what the message of a mistake holds."""


def advice(message: str) -> str | None:
    """Give what to do about a mistake that the compiler names; None where its own words say enough."""
    for table in (SYNTAX, TYPES):
        for part, said in table.items():
            if part in message:
                return said
    if not message.startswith("undefined function "):
        return None
    name = message.removeprefix("undefined function ").removeprefix("internal.")
    for known, said in ADVICE.items():
        if name == known or (known.endswith(".") and name.startswith(known)):
            return said
    return OTHERWISE
