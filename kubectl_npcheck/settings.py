"""`.npcheck.yaml`: found, parsed, validated. Knows the names of rules, not what they do."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Any

from kubectl_npcheck.errors import UsageError, did_you_mean
from kubectl_npcheck.findings import Severity, severity_named
from kubectl_npcheck.record import Record

FILE_NAME = ".npcheck.yaml"
EGRESS_DEFAULTS = ("either", "open", "deny")
STRATEGIES = ("preserve", "allow-all", "deny-all", "dns", "rules")
KEYS = ("rules", "exclude", "with", "namespace", "fail-on", "egress-default", "baseline", "fix")
FIX_KEYS = ("strategy", "rules-file")


class Settings(Record):
    """What a settings file says, with the defaults of the command line where it is silent.

    file:           path of the settings file, None where there is none
    directory:      its directory: `exclude`, `context` and `fix_rules_file` are relative to it
    rules:          severity by rule id; None switches the rule off
    exclude:        globs of files that are not read
    context:        the paths under `with`, joined to `directory`
    egress_default: either, open or deny (semantics, section 4)
    baseline:       the file of the findings that are known, joined to `directory`
    """

    file: str | None = None
    directory: str = ""
    rules: dict[str, Severity | None] = {}  # noqa: RUF012 (never written to)
    exclude: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    namespace: str | None = None
    fail_on: Severity = Severity.WARNING
    egress_default: str = "either"
    fix_strategy: str | None = None
    fix_rules_file: str | None = None
    baseline: str | None = None


def find(directory: str) -> str | None:
    """The settings file for a working directory: its own, or one above up to the repository's root.

    Outside of a repository only the directory itself is looked at: a file that somebody left in
    /tmp must not steer a run below it.
    """
    current = os.path.abspath(directory)
    candidates = []
    while True:
        candidate = os.path.join(current, FILE_NAME)
        if os.path.isfile(candidate):
            candidates.append((current, candidate))
        if os.path.exists(os.path.join(current, ".git")):
            return candidates[0][1] if candidates else None
        parent = os.path.dirname(current)
        if parent == current:
            break
        current = parent
    here = os.path.abspath(directory)
    return next((path for found_in, path in candidates if found_in == here), None)


def read(path: str, rule_ids: Collection[str]) -> Settings:
    """The settings in a file. UsageError, with file and line, for whatever cannot be used."""
    shown = os.path.relpath(path) if os.path.isabs(path) else path
    try:
        with open(path, encoding="utf-8-sig") as stream:
            text = stream.read()
    except OSError as error:
        raise UsageError(f"cannot read settings {shown}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read settings {shown}: not UTF-8") from error
    return parse(text, shown, rule_ids)


def parse(text: str, file: str, rule_ids: Collection[str]) -> Settings:
    """The settings in a text; errors show `file`, and paths are relative to its directory."""
    from kubectl_npcheck.pyyaml import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise UsageError(f"{file}:{line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise UsageError(f"{file}:1: not valid YAML: {reason}") from error
    return _Reader(file, rule_ids).settings(root)


class _Reader:
    """Walks the YAML nodes of one settings file, so that each error has its line."""

    def __init__(self, file: str, rule_ids: Collection[str]) -> None:
        self.file = file
        self.directory = os.path.dirname(file)
        self.rule_ids = rule_ids

    def settings(self, root: Any) -> Settings:
        found = self.mapping(root, "the settings", KEYS)
        fix = self.mapping(found.get("fix"), "fix", FIX_KEYS)
        fail_on = self.choice(found.get("fail-on"), "fail-on", [s.label for s in Severity])
        rules_file = self.text(fix.get("rules-file"), "fix.rules-file")
        baseline = self.text(found.get("baseline"), "baseline")
        return Settings(
            file=self.file,
            directory=self.directory,
            rules=self.rules(found.get("rules")),
            exclude=self.texts(found.get("exclude"), "exclude"),
            context=tuple(
                os.path.join(self.directory, path) for path in self.texts(found.get("with"), "with")
            ),
            namespace=self.text(found.get("namespace"), "namespace"),
            fail_on=severity_named(fail_on or "") or Severity.WARNING,
            egress_default=self.choice(
                found.get("egress-default"), "egress-default", EGRESS_DEFAULTS
            )
            or "either",
            fix_strategy=self.choice(fix.get("strategy"), "fix.strategy", STRATEGIES),
            fix_rules_file=os.path.join(self.directory, rules_file) if rules_file else None,
            baseline=os.path.join(self.directory, baseline) if baseline else None,
        )

    def rules(self, node: Any) -> dict[str, Severity | None]:
        found = self.mapping(node, "rules", self.rule_ids, kind="rule")
        labels = [s.label for s in Severity] + ["off"]
        return {
            rule: severity_named(self.choice(value, f"rules.{rule}", labels, required=True) or "")
            for rule, value in found.items()
        }

    def mapping(
        self, node: Any, what: str, known: Collection[str], kind: str = "key"
    ) -> dict[str, Any]:
        """The values of a mapping by key; {} where nothing is written."""
        if node is None or _is_null(node):
            return {}
        if node.id != "mapping":
            raise self.error(node, f"{what} must be a mapping of names to values")
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if key.id == "scalar" else ""
            if name not in known:
                hint = did_you_mean(name, known) or f"; known: {', '.join(known)}"
                raise self.error(key, f'unknown {kind} "{name}"{hint}')
            if name in found:
                raise self.error(key, f'{kind} "{name}" is written twice')
            found[name] = value
        return found

    def choice(
        self,
        node: Any,
        what: str,
        known: Collection[str],
        required: bool = False,
    ) -> str | None:
        """One of the known words; None where nothing is written."""
        # YAML 1.1 reads `off` as false, so the scalar's text is looked at and not its value.
        if node is None or (_is_null(node) and not required):
            return None
        value = str(node.value) if node.id == "scalar" else ""
        if value not in known:
            shown = f' "{value}"' if value else ""
            raise self.error(
                node,
                f"{what} cannot be{shown or ' this'}: one of {', '.join(known)}"
                f"{did_you_mean(value, known)}",
            )
        return value

    def text(self, node: Any, what: str) -> str | None:
        """A non-empty string; None where nothing is written."""
        if node is None or _is_null(node):
            return None
        if node.id != "scalar" or not node.value:
            raise self.error(node, f"{what} must be a string")
        return str(node.value)

    def texts(self, node: Any, what: str) -> tuple[str, ...]:
        """A list of strings; one string stands for a list of one."""
        if node is None or _is_null(node):
            return ()
        items = node.value if node.id == "sequence" else [node]
        if any(item.id != "scalar" or not item.value for item in items):
            raise self.error(node, f"{what} must be a list of strings")
        return tuple(str(item.value) for item in items)

    def error(self, node: Any, message: str) -> UsageError:
        return UsageError(f"{self.file}:{node.start_mark.line + 1}: {message}")


def _is_null(node: Any) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:null")
