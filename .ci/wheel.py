"""Build hook: the wheel carries `templates/` inside the package; an editable install uses the checkout's own."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplatesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the templates to a standard wheel only."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files; `version` is `standard` or `editable`."""
        if version == "standard":
            build_data["force_include"]["templates"] = "kanfa/templates"
