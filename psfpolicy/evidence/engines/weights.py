"""Which weights an engine loads: the model, where it comes from, its revision, its adapters, its draft model."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.table import hub
from psfpolicy.evidence.engines.values import is_on
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run, Setting
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue


def model_facts(run: Run, setting: Setting | None, *revisions: str) -> Iterator[Fact]:
    """Give what a model's name, or the address of its weights, says.

    Args:
        run: The server.
        setting: What names the model; None where nothing does.
        revisions: The options that name its revision.
    """
    if setting is None:
        lack = run.lacking(variables=True)
        yield run.unclear("spec.model.id", run.place, lack or "nothing names the model")
        if lack and revisions:
            yield run.unclear("spec.model.revision", run.place, lack)
        return
    if setting.text is None:
        yield run.unresolved("spec.model.id", setting)
        yield run.unresolved("spec.model.weights.source", setting)
        return
    scheme, separator, rest = setting.text.partition("://")
    if separator:
        yield from _addressed(run, setting, scheme.lower(), rest, revisions)
    elif _is_path(setting.text):
        yield from _local(run, setting)
    elif _HUB_ID.fullmatch(setting.text):
        yield from _hub_model(run, setting, setting.text, revisions)
    else:
        yield run.unclear("spec.model.id", setting, f"`{masked(setting.text)[:80]}` is no model's name")


def _addressed(run: Run, setting: Setting, scheme: str, rest: str, revisions: tuple[str, ...]) -> Iterator[Fact]:
    source = hub()["schemes"].get(scheme)
    if source == "hub" and _HUB_ID.fullmatch(rest.partition(":")[0]):
        yield from _hub_model(run, setting, rest.partition(":")[0], revisions)
        return
    # What stands behind a question mark may be a signature that lets anybody in.
    address = masked((setting.text or "").partition("?")[0])
    yield run.fact("spec.model.weights.uri", address, setting, shown="")
    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
    source = source or hub()["hosts"].get(host)
    path = "spec.model.weights.source"
    if source is None and scheme in {"http", "https"}:
        yield run.fact(path, "mirror", setting, doubt=f"`{host[:80]}` is no hub that is known", shown=address)
    elif source is None:
        yield run.unclear(path, setting, f"`{scheme[:20]}://` is no scheme that is known", shown=address)
    else:
        yield run.fact(path, source, setting, shown=address)
    yield from _format(run, setting)
    yield run.unclear("spec.model.id", setting, "the weights come from an address, which names no model", shown=address)


def _local(run: Run, setting: Setting) -> Iterator[Fact]:
    yield run.fact("spec.model.weights.uri", setting.text, setting)
    doubt = "it is a path in the container; what is mounted there, or in the image, decides"
    yield run.fact("spec.model.weights.source", "local", setting, doubt=doubt)
    yield from _format(run, setting)
    yield run.unclear("spec.model.id", setting, "the weights come from a path, which names no model")


def _hub_model(run: Run, setting: Setting, name: str, revisions: tuple[str, ...]) -> Iterator[Fact]:
    yield run.fact("spec.model.id", name, setting)
    offline, mirror = is_offline(run), run.variable(hub()["endpoint"])
    scope = next((run.variable(each) for each in hub()["modelscope"] if _uses(run, each)), None)
    switches = [run.variable(each) for each in hub()["modelscope"]]
    unknown = next((each for each in switches if each is not None and each.text is None), None)
    if offline:
        doubt = f"`{offline.written}` keeps it from the hub, so the weights are in the image or a volume"
        yield run.fact("spec.model.weights.source", "local", setting, doubt=doubt)
    elif scope is not None:
        yield run.fact("spec.model.weights.source", "hub", scope)
        yield run.fact("spec.model.weights.uri", f"modelscope://{name}", scope)
    elif mirror is not None and mirror.text:
        yield run.fact("spec.model.weights.source", "mirror", mirror)
        yield run.fact("spec.model.weights.uri", masked(mirror.text), mirror)
    elif mirror is not None and mirror.text is None:
        yield run.unresolved("spec.model.weights.source", mirror)
    elif unknown is not None:
        yield run.unresolved("spec.model.weights.source", unknown)
    else:
        yield run.default_at("spec.model.weights.source", "hub", setting, variables=True)
    yield from _revision(run, setting, revisions, offline=bool(offline))
    yield from _named(run, setting, name)


def _revision(run: Run, model: Setting, options: tuple[str, ...], *, offline: bool) -> Iterator[Fact]:
    if not options:
        return
    setting = run.setting(*options)
    if setting is None:
        doubt = "the volume may hold one revision alone" if offline else ""
        branch = hub()["default_revision"]
        shown = f"no --{options[0]}"
        variables = run.takes_variable(*options)
        yield run.default_at("spec.model.revision", branch, model, shown=shown, doubt=doubt, variables=variables)
    elif setting.text:
        yield run.fact("spec.model.revision", masked(setting.text), setting)
    else:
        yield run.unresolved("spec.model.revision", setting)


def _named(run: Run, setting: Setting, name: str) -> Iterator[Fact]:
    """Give what the end of a model's name says of its numbers, where no option says it."""
    says = [row.name for row in run.table.rows if row.path == "spec.model.quantization"]
    if says and run.setting(*says) is not None:
        return
    for row in hub()["names"]:
        if re.search(row["pattern"], name):
            doubt = "it stands in the model's name"
            yield run.fact("spec.model.quantization", row["quantization"], setting, doubt=doubt)
            return
    dtype = run.setting("dtype")
    number = _DTYPES.get(dtype.text or "") if dtype else None
    if dtype is not None and number is not None:
        doubt = "it is what is calculated in; weights that are quantised need no flag"
        yield run.fact("spec.model.quantization", number, dtype, doubt=doubt)


def _format(run: Run, setting: Setting) -> Iterator[Fact]:
    if (setting.text or "").partition("?")[0].lower().endswith(".gguf"):
        for path in ("spec.model.weights.format", "spec.model.quantization"):
            yield run.fact(path, "gguf", setting, shown=".gguf")


def is_offline(run: Run) -> Setting | None:
    """Give the variable that keeps the engine from the hub; None where none does for certain."""
    setting = run.variable(*hub()["offline"])
    return setting if setting is not None and setting.text and is_on("hub", setting.text) else None


def offline_facts(run: Run, model: Setting | None) -> Iterator[Fact]:
    """Give whether the engine is kept from the hub.

    Args:
        run: The server.
        model: What names its model.
    """
    path = "spec.network.offlineHub"
    setting = run.variable(*hub()["offline"])
    part = next((run.variable(name) for name in hub()["offline_in_part"]), None)
    if setting is not None and setting.text is None:
        yield run.unresolved(path, setting)
    elif setting is not None and is_on("hub", setting.text or ""):
        yield run.fact(path, value=True, where=setting)
    elif part is not None and part.text and is_on("hub", part.text):
        yield run.fact(path, value=True, where=part, doubt=hub()["offline_in_part"][part.written])
    elif setting is not None:
        yield run.fact(path, value=False, where=setting)
    else:
        doubt = "" if model is None or _is_of_hub(model) else "its weights are not the hub's, so little is asked of it"
        yield run.default(path, value=False, shown=f"no {hub()['offline'][0]}", doubt=doubt, variables=True)


def draft_facts(run: Run) -> Iterator[Fact]:
    """Give the model that drafts for the one that is served."""
    drafts = run.table.more.get("draft", ())
    options = [draft["model"] for draft in drafts]
    lack = run.lacking(variables=run.takes_variable(*options))
    if options and lack and run.setting(*options) is None:
        yield run.unclear("spec.model.draft.id", run.place, lack, shown=f"no --{options[0]}")
    for draft in drafts:
        setting = run.setting(draft["model"])
        if setting is None or setting.text in {"[ngram]", "ngram"}:
            continue
        if not setting.text:
            yield run.unresolved("spec.model.draft.id", setting)
            continue
        yield run.fact("spec.model.draft.id", masked(setting.text), setting)
        revision = run.setting(draft["revision"]) if "revision" in draft else None
        if revision is not None and revision.text:
            yield run.fact("spec.model.draft.revision", masked(revision.text), revision)


def adapter_facts(run: Run) -> Iterator[Fact]:
    """Give the LoRA adapters that are served with the model."""
    given = run.table.more.get("adapters")
    if given is None:
        return
    path = "spec.model.adapters"
    enabled = run.setting(given["enabled"]) if "enabled" in given else None
    setting = run.setting(given["list"])
    if setting is not None and setting.unresolved:
        yield run.unresolved(path, setting)
    elif setting is not None:
        yield from _listed(run, setting, given.get("separator", ""))
    elif enabled is not None and enabled.text != "false":
        yield run.unclear(path, enabled, "adapters may be loaded while it runs; none is named here")
    else:
        yield run.default(path, [], shown=f"no --{given['list']}", variables=run.takes_variable(given["list"]))


def _listed(run: Run, setting: Setting, separator: str) -> Iterator[Fact]:
    given = [(word.text, word.place) for word in setting.words] or [(setting.text or "", setting.place)]
    for text, place in given:
        for part in filter(None, text.split(separator) if separator else [text]):
            for adapter in _adapters(part):
                shown = f"{setting.written} {masked(part)}"[:200]
                yield run.fact("spec.model.adapters", adapter, setting._replace(place=place), shown=shown, item=True)


def _adapters(text: str) -> Iterator[dict[str, JsonValue]]:
    """Read `name=source`, a source alone, or JSON of one adapter or several."""
    if text.lstrip().startswith(("{", "[")):
        try:
            value: JsonValue = json.loads(text)
        except (ValueError, RecursionError):
            return
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, dict):
                continue
            name, source = each.get("name") or each.get("lora_name"), each.get("path") or each.get("lora_path")
            if isinstance(name, str) and name:
                adapter: dict[str, JsonValue] = {"name": name}
                yield adapter | ({"source": masked(source)} if isinstance(source, str) else {})
        return
    first, equals, second = text.partition("=")
    address, _, revision = (second if equals else first).partition("@")
    found: dict[str, JsonValue] = {"name": first if equals else address, "source": masked(address)}
    yield found | ({"revision": revision} if revision else {})


def _is_of_hub(model: Setting) -> bool:
    scheme, separator, _ = (model.text or "").partition("://")
    return hub()["schemes"].get(scheme) == "hub" if separator else not _is_path(model.text or "")


def _is_path(text: str) -> bool:
    return text.startswith(("/", "./", "../", "~"))


def _uses(run: Run, name: str) -> bool:
    setting = run.variable(name)
    return setting is not None and bool(is_on(hub()["modelscope"][name], setting.text or ""))


_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
_DTYPES = {"bfloat16": "bf16", "half": "fp16", "float16": "fp16"}
