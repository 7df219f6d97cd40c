"""Severities, units, context and order: what the engine adds to what the rules say."""

from __future__ import annotations

import pytest
import yaml

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.inventory import Inventory, Unit
from kubectl_npcheck.policy.parse import parse_policy
from kubectl_npcheck.settings import Settings
from tests.check.support import DENY_ALL, IMPLICIT, checked, inventory_of, report, shown
from tests.rules.support import netpol

ERROR = "error egress-implicit web"
NOTE = "note egress-implicit web"


def test_a_finding_has_its_place_and_its_object() -> None:
    (finding,) = report({"k8s/web.yaml": netpol(IMPLICIT)}).findings
    assert finding.location is not None
    assert finding.location.file == "k8s/web.yaml"
    assert finding.location[1:] == (4, 48, 4, 70)
    assert (finding.path, finding.namespace, finding.name) == ("spec.policyTypes", "shop", "web")
    assert finding.fix is not None


def test_context_is_not_reported_and_still_decides() -> None:
    inventory = inventory_of(netpol(IMPLICIT), netpol(IMPLICIT, "other"), netpol(DENY_ALL, "deny"))
    for policy in inventory.groups[0].policies[1:]:
        policy.origin.context = True
    found = checked(inventory)
    assert shown(found) == [NOTE]
    assert [entry.name for entry in found.policies] == ["web"]


def test_policies_of_other_apis_are_reported_unless_context() -> None:
    cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\n"
    inventory = inventory_of(netpol(DENY_ALL), cilium)
    assert shown(checked(inventory)) == ["note other-kind c"]
    inventory.groups[0].others[0].origin.context = True
    assert shown(checked(inventory)) == []


@pytest.mark.parametrize(
    ("chosen", "undecided", "decided"),
    [
        (Severity.ERROR, ERROR, NOTE),
        (Severity.WARNING, "warning egress-implicit web", NOTE),
        (Severity.NOTE, NOTE, NOTE),
    ],
)
def test_settings_name_the_usual_severity_and_raise_no_note(
    chosen: Severity, undecided: str, decided: str
) -> None:
    settings = Settings(rules={"egress-implicit": chosen})
    assert shown(report(netpol(IMPLICIT), settings=settings)) == [undecided]
    both = report(netpol(IMPLICIT), netpol(DENY_ALL, "deny"), settings=settings)
    assert shown(both) == [decided]


@pytest.mark.parametrize(
    "settings",
    [Settings(rules={"egress-implicit": None}), Settings(egress_default="open")],
)
def test_rules_that_are_off(settings: Settings) -> None:
    assert shown(report(netpol(IMPLICIT), settings=settings)) == []


def test_the_deny_reading_says_denied_and_offers_no_automatic_repair() -> None:
    (finding,) = report(netpol(IMPLICIT), settings=Settings(egress_default="deny")).findings
    assert finding.severity is Severity.ERROR
    assert finding.message == "egress is not stated, so it is denied (egress-default: deny)"
    assert not any(line.startswith("open reading") for line in finding.evidence)
    assert finding.fix is not None
    assert not finding.fix.automatic


def two_units(first_denies: bool, second_denies: bool) -> Inventory:
    """One policy document in two overlays, each with or without a default-deny."""
    base = inventory_of(netpol(IMPLICIT, namespace=""))
    (policy,) = base.groups[0].policies
    plain = yaml.safe_load(netpol(IMPLICIT, namespace=""))
    deny_plain = yaml.safe_load(netpol(DENY_ALL, "deny"))
    inventory = Inventory()
    for name, denies in (("overlays/dev", first_denies), ("overlays/prod", second_denies)):
        unit = Unit(name)
        inventory.units.append(unit)
        group = inventory.group(unit, name.rsplit("/")[-1])
        group.policies.append(parse_policy(plain, policy.origin, group.namespace))
        if denies:
            deny = Origin("deny.yaml", line=1, context=True)
            group.policies.append(parse_policy(deny_plain, deny, group.namespace))
    return inventory


@pytest.mark.parametrize(
    ("first", "second", "severity", "unit"),
    [
        (True, False, Severity.ERROR, "overlays/prod"),
        (False, True, Severity.ERROR, "overlays/dev"),
        (True, True, Severity.NOTE, "overlays/dev"),
    ],
)
def test_an_object_of_two_units_is_reported_once_with_the_worst(
    first: bool, second: bool, severity: Severity, unit: str
) -> None:
    found = checked(two_units(first, second))
    (finding,) = found.findings
    assert finding.severity is severity
    assert finding.namespace == unit.rsplit("/")[-1]
    assert finding.evidence[-1] == f"in unit {unit}, the worst of the 2 that contain it"
    (entry,) = found.policies
    assert next(state.unit for state in entry.states) == "overlays/dev"
    assert {state.unit for state in entry.states} == {"overlays/dev", "overlays/prod"}
    assert entry.compliant is (severity is Severity.NOTE)


def test_findings_are_in_the_order_of_files_lines_and_columns() -> None:
    inventory = inventory_of(
        {"z.yaml": netpol(IMPLICIT, "z", "shop") + "---\n" + netpol(IMPLICIT, "b", "dev")},
        {"a.yaml": netpol(IMPLICIT.replace("web", "a"), "a", "dev")},
    )
    found = checked(inventory)
    assert [f.name for f in found.findings] == ["a", "z", "b"]
    assert [entry.name for entry in found.policies] == ["a", "z", "b"]


def test_the_run_fails_from_fail_on_upwards() -> None:
    note = (netpol(IMPLICIT), netpol(DENY_ALL, "deny"))
    assert not report(*note).failing
    assert report(*note, settings=Settings(fail_on=Severity.NOTE)).failing
    assert report(netpol(IMPLICIT)).failing
