"""The lists that an audit reads, and what it cannot answer without them."""

from __future__ import annotations

from kubectl_npcheck.cluster.lists import Resource

POLICIES = Resource("/apis/networking.k8s.io/v1", "networkpolicies", "NetworkPolicy")
PODS = Resource("/api/v1", "pods", "Pod")
SERVICES = Resource("/api/v1", "services", "Service")
NAMESPACES = Resource("/api/v1", "namespaces", "Namespace", namespaced=False)
DAEMONSETS = Resource("/apis/apps/v1", "daemonsets", "DaemonSet")
CONTROLLERS = (
    Resource("/apis/apps/v1", "deployments", "Deployment"),
    Resource("/apis/apps/v1", "replicasets", "ReplicaSet"),
    Resource("/apis/apps/v1", "statefulsets", "StatefulSet"),
    DAEMONSETS,
    Resource("/apis/batch/v1", "jobs", "Job"),
    Resource("/apis/batch/v1", "cronjobs", "CronJob"),
)
REQUIRED = (POLICIES, PODS, NAMESPACES, SERVICES)
ALL = (*REQUIRED, *CONTROLLERS)
