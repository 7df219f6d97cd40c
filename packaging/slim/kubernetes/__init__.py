# This file replaces that of the Python client for Kubernetes (Copyright The Kubernetes Authors,
# Apache License 2.0), which imports the whole client. Only `kubernetes.config` and what it needs
# are in this archive.
__project__ = "kubernetes"
