"""Plain data as JSON or YAML, for commands whose answer is no report."""

from __future__ import annotations

PLAIN_FORMATS = ("text", "json", "yaml")


def dump(value: object, name: str) -> str:
    """The value as `json` or `yaml`, with a newline at its end."""
    if name == "json":
        import json

        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    from kubectl_npcheck.pyyaml import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True  # anchors would puzzle a reader

    text: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
