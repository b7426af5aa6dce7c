"""What runs in a cluster: workloads, the names that they answer to, the hosts that they call.

In:  a Kubernetes manifest: any YAML file with documents of these kinds.
Out: a ``Manifest`` for each workload (what it calls) and each Service (what is called).

A workload needs each host that its containers name: in an argument, or in a variable. It
counts as a host after ``//`` or ``@``, before ``:port``, or where the variable is called
``..._HOST``, ``_ADDR``, ``_URL`` and the like. ``$(OTHER)`` is filled in from the container's
variables above it, as Kubernetes does. Only a host that some manifest's Service has becomes a
dependency. Both speak for the service of their name or of their labels; else for the service
in whose folder they lie. Templates that are not YAML themselves, such as Helm's, are not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conway.boundaries.needs.manifest import Manifest, Need
from conway.boundaries.yaml_text import Table, Value, YamlTextError, read_yaml, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORKLOADS = frozenset(
    {"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "Rollout", "StatefulSet"}
)
_LABELS = ("app.kubernetes.io/component", "app.kubernetes.io/name", "app", "k8s-app", "component")
_APART = re.compile(r"^---.*$", re.MULTILINE)
_KIND = re.compile(r"^kind:\s*['\"]?(\w+)", re.MULTILINE)
_HOST = re.compile(
    r"(?<![\w.-])([a-z][a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63}\.svc(?:\.[a-z]+\.[a-z]+)?)?"
    r"(?![\w.-])(:\d)?"
)
_VARIABLE = re.compile(r"(?:^|_)(?:ADDR|ADDRESS|ENDPOINT|HOST|HOSTNAME|SERVERS?|UPSTREAM|UR[IL])$")
_USER = re.compile(r"//[^/\s@]{1,256}@")
_FILLED = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")
_LONGEST = 4096


def kubernetes(path: str, text: str) -> Iterator[Manifest]:
    """Read the workloads and Services of a Kubernetes manifest."""
    documents = _documents(text)
    pods = [pod for kind, root in documents if (pod := _pod(kind, root)) is not None]
    for kind, root in documents:
        names = tuple(dict.fromkeys([_name(root), *_labelled(_table(root, "metadata", "labels"))]))
        if kind == "Service":
            chosen = _table(root, "spec", "selector")
            behind = [name for pod in pods if _selects(chosen, pod) for name in _called(pod)]
            named = tuple(dict.fromkeys([*names, *_labelled(chosen), *behind]))
            yield Manifest("kubernetes", path, texts_of(_name(root)), named=named)
        elif (pod := _pod(kind, root)) is not None:
            named = tuple(dict.fromkeys([*names, *_called(pod)]))
            hosts = dict.fromkeys(_hosts(_table(pod, "spec")))
            yield Manifest("kubernetes", path, (), tuple(map(Need, hosts)), named)


def workloads(text: str) -> tuple[str, ...]:
    r"""Return the names and labels of the workloads of a manifest; none if it is no manifest.

    Examples
    --------
    >>> workloads("kind: Deployment\nmetadata: {name: shop-cart, labels: {app: cart}}")
    ('shop-cart', 'cart')
    """
    named = [one.named for one in kubernetes("", text) if not one.provides]
    return tuple(dict.fromkeys(name for names in named for name in names))


def _documents(text: str) -> list[tuple[str, Table]]:
    """Return kind and root of each document that is read; a broken one spoils no other."""
    found = []
    for part in _APART.split(text):
        kind = _KIND.search(part)
        if kind is None or kind[1] not in _WORKLOADS | {"Service"}:
            continue
        try:
            roots = read_yaml(part, aliases=True)
        except YamlTextError:
            continue
        found += [(kind[1], root) for root in roots if isinstance(root, Table)]
    return found


def _pod(kind: str, root: Table) -> Table | None:
    """Return what describes a workload's pods, None if it is no workload."""
    if kind not in _WORKLOADS:
        return None
    if kind == "Pod":
        return root
    return _table(root, *(("spec", "jobTemplate") if kind == "CronJob" else ()), "spec", "template")


def _called(pod: Table) -> list[str]:
    return _labelled(_table(pod, "metadata", "labels"))


def _labelled(labels: Table) -> list[str]:
    return [name for key in _LABELS for name in texts_of(labels.get(key))]


def _selects(chosen: Table, pod: Table) -> bool:
    labels = _table(pod, "metadata", "labels")
    return bool(chosen) and all(labels.get(key) == value for key, value in chosen.items())


def _hosts(pod: Table) -> Iterator[str]:
    """Yield the hosts that the containers of a pod name."""
    for key in ("initContainers", "containers"):
        listed = pod.get(key)
        for container in listed if isinstance(listed, list) else ():
            if isinstance(container, Table):
                yield from _container(container)


def _container(container: Table) -> Iterator[str]:
    listed, known = container.get("env"), dict[str, str]()
    for one in listed if isinstance(listed, list) else ():
        name, value = (one.get("name"), one.get("value")) if isinstance(one, Table) else ("", "")
        if isinstance(name, str) and isinstance(value, str):
            known[name] = _filled(value, known)
            yield from _named_in(known[name], alone=bool(_VARIABLE.search(name)))
    for key in ("command", "args"):
        for text in texts_of(container.get(key)):
            yield from _named_in(_filled(text, known), alone=False)


def _filled(value: str, known: Mapping[str, str]) -> str:
    """Fill in variables; the result is cut where it would grow without end."""
    return _FILLED.sub(lambda found: known.get(found[1], ""), value[:_LONGEST])[:_LONGEST]


def _named_in(value: str, *, alone: bool) -> Iterator[str]:
    """Yield the hosts in a value; a bare name is one only where it stands ``alone``."""
    value = _USER.sub("//", value)
    for found in _HOST.finditer(value):
        before = value[max(0, found.start() - 2) : found.start()]
        if before.endswith(("//", "@")) or found[2] or (alone and found[0] == value):
            yield found[1]


def _name(root: Table) -> str:
    name = _table(root, "metadata").get("name")
    return name if isinstance(name, str) else ""


def _table(root: Value | None, *keys: str) -> Table:
    """Return the table under these keys, an empty one where there is none."""
    for key in keys:
        root = root.get(key) if isinstance(root, Table) else None
    return root if isinstance(root, Table) else Table()
