"""What a service of compose runs on, how often, and what it may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import at, flag, items, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.compose.services import Service
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

COUNT = "spec.serving.accelerators.count"
MIN = "spec.serving.replicas.min"
MAX = "spec.serving.replicas.max"
NON_ROOT = "spec.security.hardening.nonRoot"
READ_ONLY = "spec.security.hardening.readOnlyRootFilesystem"
BENCHMARK = "spec.security.hardening.gpuNodeBenchmark"

_MOST = 999_999_999_999_999
# https://docs.docker.com/reference/compose-file/deploy/#devices and …/services/#gpus, read 2026-11-21.
_OF_HOST = frozenset({"/", "/dev", "/etc", "/proc", "/sys", "/run/docker.sock", "/var/run", "/var/run/docker.sock"})
_CAPABILITIES = frozenset({"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "DAC_READ_SEARCH", "NET_ADMIN"})
_SHARED = ("privileged", "ipc", "pid", "userns_mode", "uts")


def accelerators(service: Service, origin: Origin) -> Iterator[Fact]:
    """Give how many accelerators a service reserves."""
    reserved = items(at(service.node, "deploy", "resources", "reservations", "devices"))
    for device in (*reserved, *items(at(service.node, "gpus"))):
        kinds = {text(item) for item in items(at(device, "capabilities"))}
        if "gpu" in kinds or (device not in reserved and not kinds):
            yield _counted(device, service, origin)
    gpus = at(service.node, "gpus")
    if gpus is not None and text(gpus):
        yield origin.inconclusive(COUNT, gpus, "as many as the host has", shown=f"gpus: {text(gpus)}")
    runtime = at(service.node, "runtime")
    if runtime is not None and text(runtime) in {"nvidia", "habana"} and not reserved:
        yield origin.inconclusive(COUNT, runtime, "as many as the runtime gives it", shown=f"runtime: {text(runtime)}")
    for device in items(at(service.node, "devices")):
        if (text(device) or "").startswith("/dev/kfd"):
            yield origin.inconclusive(COUNT, device, "as many AMD accelerators as the host has", shown="/dev/kfd")


def replicas(service: Service, origin: Origin) -> Iterator[Fact]:
    """Give how many containers of a service run."""
    written = at(service.node, "deploy", "replicas")
    if written is None:
        written = at(service.node, "scale")
    if written is None:
        if not service.partial:
            reason = "no `replicas` is written, which is 1 unless it is started with another number"
            yield from (origin.inferred(path, 1, service.entry.key_place, reason) for path in (MIN, MAX))
        return
    filled = service.filled(written)
    count = _whole(filled.text)
    for path in (MIN, MAX):
        if filled.unresolved or count is None:
            name = filled.unresolved
            reason = f"`{name}` is set elsewhere" if name else "the value is not a whole number"
            yield origin.inconclusive(path, written, reason)
        elif filled.assumed:
            reason = f"the default of `{filled.assumed}`, which may be set elsewhere"
            yield origin.inferred(path, max(count, 1), written, reason)
        else:
            yield origin.fact(path, max(count, 1), written, shown="replicas: 0" if count == 0 else "")


def hardening(service: Service, origin: Origin) -> Iterator[Fact]:
    """Give under which user a service runs, whether it may write to its root, and what it shares with its host."""
    user = at(service.node, "user")
    if user is not None and text(user):
        yield _by_user(user, service, origin)
    elif not service.partial:
        reason = "nothing says under which user it runs, so its image decides"
        yield origin.inconclusive(NON_ROOT, service.entry.key_place, reason)
    written = at(service.node, "read_only")
    if written is not None and text(written) is not None:
        value = flag(written)
        if value is None:
            yield origin.inconclusive(READ_ONLY, written, "the value is not a truth value")
        else:
            yield origin.fact(READ_ONLY, value, written)
    elif not service.partial:
        yield origin.fact(READ_ONLY, False, service.entry.key_place, shown="no read_only")  # noqa: FBT003  # a JSON value
    for key in _SHARED:
        shared = at(service.node, key)
        if shared is not None and (text(shared) == "host" or (key == "privileged" and flag(shared))):
            reason = "it gives the service more of its host than its own container, which benchmarks ask to avoid"
            yield origin.inconclusive(BENCHMARK, shared, reason, shown=f"{key}: {text(shared)}")

    for volume in items(at(service.node, "volumes")):
        source = (text(volume) or "").partition(":")[0] or text(at(volume, "source")) or ""
        if source in _OF_HOST:
            reason = "it gives the service its host, which benchmarks ask to avoid"
            yield origin.inconclusive(BENCHMARK, volume, reason, shown=f"volumes: {source}")
    for added in items(at(service.node, "cap_add")):
        if (text(added) or "").upper().removeprefix("CAP_") in _CAPABILITIES:
            reason = "it gives the service what the host's own root may do, which benchmarks ask to avoid"
            yield origin.inconclusive(BENCHMARK, added, reason, shown=f"cap_add: {text(added)}")


def _counted(device: Node, service: Service, origin: Origin) -> Fact:
    named = at(device, "device_ids")
    if named is not None and items(named):
        return origin.fact(COUNT, len(items(named)), named, shown="device_ids")
    written = at(device, "count")
    if written is None:
        return origin.inconclusive(COUNT, device, "as many as the host has")
    filled = service.filled(written)
    count = _whole(filled.text)
    if filled.unresolved or count is None or count < 1:
        reason = f"`{filled.unresolved}` is set elsewhere" if filled.unresolved else "as many as the host has"
        return origin.inconclusive(COUNT, written, reason, shown=f"count: {text(written)}")
    if filled.assumed:
        return origin.inferred(COUNT, count, written, f"the default of `{filled.assumed}`, which may be set elsewhere")
    return origin.fact(COUNT, count, written)


def _by_user(user: Node, service: Service, origin: Origin) -> Fact:
    filled = service.filled(user)
    name = filled.text.partition(":")[0].strip()
    if filled.unresolved:
        return origin.inconclusive(NON_ROOT, user, f"`{filled.unresolved}` is set elsewhere")
    if filled.assumed:
        reason = f"the default of `{filled.assumed}`, which may be set elsewhere"
        return origin.inferred(NON_ROOT, name not in {"root", "0"}, user, reason)
    if name in {"root", "0"}:
        return origin.fact(NON_ROOT, False, user, shown=f"user: {name}")  # noqa: FBT003  # a JSON value
    if name.isascii() and name.isdigit():
        return origin.fact(NON_ROOT, int(name[:20]) != 0, user, shown=f"user: {name}")
    return origin.inferred(NON_ROOT, True, user, "the image says which user that is")  # noqa: FBT003  # a JSON value


def _whole(word: str) -> int | None:
    word = word.strip()
    if not (word.isascii() and word.isdigit() and len(word) < 16):
        return None
    return int(word)
