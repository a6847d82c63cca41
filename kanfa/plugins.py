"""Formats and channels are found by entry point; a faulty one is named, with the package it came from."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, distribution, entry_points
from typing import Protocol, TypeVar

from kanfa.errors import EnvironmentProblem, UsageError


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Plugin = TypeVar("Plugin", bound=_Named)


def _load(point: EntryPoint) -> object:
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        package = point.dist.name if point.dist is not None else point.module
        raise EnvironmentProblem(
            f"{point.group} {point.name} = {point.value} cannot be loaded: {error}", f"pip uninstall {package}"
        ) from error


def _points(group: str) -> Iterator[EntryPoint]:
    """The group's entry points by name; one that two installations of a package name alike counts once."""
    unique = {(point.name, point.value): point for point in entry_points(group=group)}
    yield from sorted(unique.values(), key=lambda point: point.name)


def names(group: str) -> list[str]:
    """The names of a group's entry points; nothing is imported."""
    return [point.name for point in _points(group)]


def own(group: str, name: str, kind: type[Plugin]) -> Plugin | None:
    """This package's own plug-in of that name, or None: found without a look at every other installed package."""
    for point in distribution("kanfa").entry_points.select(group=group, name=name):
        plugin = _load(point)
        return plugin if isinstance(plugin, kind) else None
    return None


def installed(group: str, kind: type[Plugin]) -> dict[str, Plugin]:
    """Every plug-in of a group by its own name, in the order of the entry points' names.

    Raises EnvironmentProblem for one that cannot be imported, UsageError for one that is no `kind` or whose
    name is taken.
    """
    found: dict[str, Plugin] = {}
    for point in _points(group):
        plugin = _load(point)
        if not isinstance(plugin, kind):
            raise UsageError(f"entry point {point.name} = {point.value} of {group} is not a {kind.__name__}")
        if found.setdefault(plugin.name, plugin) is not plugin:
            raise UsageError(f"two {kind.__name__.lower()}s are called {plugin.name}; uninstall one of them")
    return found
