"""Rule dns-blocked."""

from __future__ import annotations

import pytest

from kubectl_npcheck.findings import Severity
from kubectl_npcheck.origin import Origin
from kubectl_npcheck.policy.model import ContainerPort, OtherPolicy, UnreadPolicy, Workload
from kubectl_npcheck.rules import dns_blocked
from tests.rules.live import live_problems, pod, stored
from tests.rules.support import found, groups_of, netpol, problems

WEB = "podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]"
DB = "egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}]"
KUBE_SYSTEM = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}"
DNS = f"egress: [{{to: [{{{KUBE_SYSTEM}}}], ports: [{{port: 53, protocol: UDP}}]}}]"
ALLOWED = stored(
    f"podSelector: {{matchLabels: {{dns: 'yes'}}}}, policyTypes: [Egress], {DNS}", name="allowed"
)
ALLOW_DNS = netpol(f"podSelector: {{}}, policyTypes: [Egress], {DNS}", name="allow-dns")


def egress(to: str, ports: str = "{port: 53, protocol: UDP}") -> str:
    """A policy of app=web with one egress rule."""
    fields = [f"to: [{to}]"] if to else []
    fields += [f"ports: [{ports}]"] if ports else []
    return netpol(f"{WEB}, egress: [{{{', '.join(fields)}}}]")


@pytest.mark.parametrize(
    "text",
    [
        netpol(WEB),  # denied as a whole: egress-denied or on purpose
        netpol("podSelector: {}, ingress: [{}]"),  # says nothing of egress
        netpol(f"{WEB}, egress: [{{}}]"),
        egress("", ""),
        egress("", "{port: 53, protocol: UDP}"),
        egress("", "{protocol: UDP}"),
        egress("", "{port: 1, endPort: 100, protocol: UDP}"),
        egress(f"{{{KUBE_SYSTEM}}}", ""),  # ports unrestricted
        egress("{namespaceSelector: {}}", ""),
        egress("{namespaceSelector: {matchLabels: {name: kube-system}}}"),  # another rule's matter
        egress(
            "{namespaceSelector: {matchLabels: {team: platform}}}", ""
        ),  # any label may be there
        egress("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}}"),
        egress(f"{{{KUBE_SYSTEM}, podSelector: {{matchLabels: {{k8s-app: kube-dns}}}}}}"),
        egress("{namespaceSelector: {}}", "{port: dns, protocol: UDP}"),  # a named port
        egress("{namespaceSelector: {}}", "{port: 8053, protocol: UDP}"),
        egress("{namespaceSelector: {}}", "{port: 5353, protocol: UDP}"),
        egress("{ipBlock: {cidr: 0.0.0.0/0}}"),
        egress("{ipBlock: {cidr: 10.96.0.10/32}}"),
        egress("{ipBlock: {cidr: 169.254.20.10/32}}"),  # NodeLocal DNSCache
        egress("{ipBlock: {cidr: 34.118.224.10/32}}"),  # Services of GKE
        egress('{ipBlock: {cidr: "fd00::/8"}}'),
        egress("{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}"),
        egress("{ipBlock: {cidr: not-a-block}}"),
        # a DNS server of the user's own in a namespace that is named
        egress("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dns}}}"),
        netpol(f"{WEB}, {DB}", namespace="kube-system"),
        netpol(f"{WEB}, {DB}", namespace="openshift-dns"),
        # nobody can be selected: denied as a whole
        egress(
            "{podSelector: {matchExpressions: [{key: a, operator: Exists}, "
            "{key: a, operator: DoesNotExist}]}}",
            "{port: 5432}",
        ),
        # dead rules restrict nothing
        netpol(f"podSelector: {{}}, policyTypes: [Ingress], {DB}"),
    ],
)
def test_silent(text: str) -> None:
    assert found(dns_blocked, text) == []


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        (netpol(f"{WEB}, {DB}"), "spec.egress", "nothing allows UDP 53"),
        # a port without protocol is TCP
        (egress(f"{{{KUBE_SYSTEM}}}", "{port: 53}"), "spec.egress[0].ports[0]", "TCP only"),
        (egress("", "{port: 443}, {port: 53, protocol: TCP}"), "spec.egress[0].ports[1]", "TCP"),
        (egress("", "{port: dns}"), "spec.egress", "nothing allows UDP 53"),  # TCP by its protocol
        # peers that cannot be the cluster's DNS
        (
            egress("{podSelector: {matchLabels: {k8s-app: kube-dns}}}"),
            "spec.egress[0].to",
            "pods k8s-app=kube-dns of namespace shop",
        ),
        (egress("{podSelector: {}}", ""), "spec.egress", "nothing allows UDP 53"),
        (egress("{ipBlock: {cidr: 8.8.8.8/32}}"), "spec.egress[0].to", "8.8.8.8/32"),
        (
            egress("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}, {podSelector: {}}"),
            "spec.egress[0].to",
            "port 53 is allowed only to",
        ),
        (
            egress("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: db}}}", ""),
            "spec.egress",
            "nothing allows UDP 53",
        ),
        (
            egress(
                "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, "
                "podSelector: {matchLabels: {k8s-app: kube-dns}}}"
            ),
            "spec.egress[0].to",
            "cannot be the cluster's DNS",
        ),
        (
            egress(
                "{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, "
                "operator: NotIn, values: [kube-system, openshift-dns]}]}}",
                "",
            ),
            "spec.egress",
            "nothing allows UDP 53",
        ),
    ],
)
def test_reported(text: str, path: str, words: str) -> None:
    assert found(dns_blocked, text) == [f"web {path}"]
    (problem,) = problems(dns_blocked, text)
    assert words in problem.message
    assert problem.evidence[0].startswith("pods app=web: ")


def test_a_sibling_that_covers_all_pods_vouches() -> None:
    assert found(dns_blocked, netpol(f"{WEB}, {DB}"), ALLOW_DNS) == []


def test_a_sibling_of_another_namespace_does_not() -> None:
    elsewhere = netpol(
        f"podSelector: {{}}, policyTypes: [Egress], {DNS}", name="dns", namespace="x"
    )
    assert found(dns_blocked, netpol(f"{WEB}, {DB}"), elsewhere) == ["web spec.egress"]


def test_a_sibling_that_covers_a_part_leaves_the_rest() -> None:
    part = "podSelector: {matchLabels: {app: web, tier: a}}, policyTypes: [Egress]"
    (problem,) = problems(
        dns_blocked, netpol(f"{WEB}, {DB}"), netpol(f"{part}, {DNS}", name="part")
    )
    assert problem.subject.name == "web"
    assert problem.evidence[0].startswith("pods app=web: ")


def test_a_rejected_sibling_does_not_vouch() -> None:
    rejected = netpol(f"podSelector: {{}}, policyTypes: [Egress, Nonsense], {DNS}", name="dns")
    assert found(dns_blocked, netpol(f"{WEB}, {DB}"), rejected) == ["web spec.egress"]


def test_one_class_is_reported_once() -> None:
    second = netpol(f"{WEB}, {DB}", name="second")
    (problem,) = problems(dns_blocked, netpol(f"{WEB}, {DB}"), second)
    assert problem.subject.name == "web"
    assert "(second)" in problem.evidence[0]


def test_context_is_not_reported_and_does_not_hide() -> None:
    (group,) = groups_of([netpol(f"{WEB}, {DB}"), netpol(f"{WEB}, {DB}", name="second")])
    group.policies[0].origin.context = True
    assert [p.subject.name for p in dns_blocked.check(group)] == ["second"]


def test_an_annotated_sibling_puts_it_on_record() -> None:
    first = netpol(f"{WEB}, {DB}", name="first", annotations="npcheck/ignore: dns-blocked")
    web = netpol(f"{WEB}, {DB}")
    for documents in ([first, web], [web, first]):
        names = [p.subject.name for p in problems(dns_blocked, *documents)]
        assert names == ["first"]  # and that one, check suppresses


def test_what_was_not_read_may_allow_dns() -> None:
    (group,) = groups_of([netpol(f"{WEB}, {DB}")])
    group.unread.append(UnreadPolicy(Origin("x.yaml"), "shop", "dns", "template"))
    assert list(dns_blocked.check(group)) == []
    group.unread.clear()
    other = OtherPolicy(Origin("x"), "cilium.io/v2", "CiliumNetworkPolicy", "x", "shop", False)
    group.others.append(other)
    assert list(dns_blocked.check(group)) == []
    group.others.clear()
    assert len(list(dns_blocked.check(group))) == 1


def test_a_known_dns_server_of_the_own_namespace() -> None:
    (group,) = groups_of([egress("{podSelector: {matchLabels: {app: dns}}}")])
    ports = (ContainerPort("dns", "UDP", 53),)
    group.workloads.append(Workload(Origin("x"), "Pod", "dns", "shop", {"app": "dns"}, ports))
    assert list(dns_blocked.check(group)) == []
    (unrestricted,) = groups_of([egress("{podSelector: {}}", "")])
    unrestricted.workloads += group.workloads
    assert list(dns_blocked.check(unrestricted)) == []


@pytest.mark.parametrize(
    "pods",
    [
        [],
        [pod("own", "app: web", spec="dnsPolicy: None"), pod("other", "app: other")],
        [pod("node", "app: web", spec="hostNetwork: true")],
        [pod("done", "app: web").replace("Running", "Succeeded")],
        [pod("allowed", "app: web, dns: 'yes'")],
    ],
)
def test_live_without_pods_that_are_cut_off_it_stays_a_warning(pods: list[str]) -> None:
    (problem,) = live_problems(dns_blocked, stored(f"{WEB}, {DB}"), ALLOWED, *pods)
    assert problem.severity is None


def test_live_pods_that_use_the_cluster_dns_make_it_an_error() -> None:
    pods = [pod("web-1", "app: web, tier: a"), pod("allowed", "app: web, dns: 'yes'")]
    (problem,) = live_problems(dns_blocked, stored(f"{WEB}, {DB}"), ALLOWED, *pods)
    assert problem.severity is Severity.ERROR
    assert problem.evidence[1] == ("they use the cluster's DNS (dnsPolicy ClusterFirst): Pod web-1")


def test_clients_of_the_api_server_know_its_address() -> None:
    only = netpol(f"{WEB}, egress: [{{ports: [{{port: 6443}}]}}]")
    assert [p.severity for p in problems(dns_blocked, only)] == [Severity.NOTE]
    more = netpol(f"{WEB}, egress: [{{ports: [{{port: 6443}}, {{port: 443}}]}}]")
    assert [p.severity for p in problems(dns_blocked, more)] == [None]


def test_a_class_of_a_later_policy_is_not_hidden_by_the_first() -> None:
    wide = netpol(f"podSelector: {{}}, policyTypes: [Egress], {DB}", name="wide")
    assert [p.subject.name for p in problems(dns_blocked, netpol(f"{WEB}, {DB}"), wide)] == [
        "web",
        "wide",
    ]
    assert [p.subject.name for p in problems(dns_blocked, wide, netpol(f"{WEB}, {DB}"))] == ["wide"]
