# This file replaces that of the Python client for Kubernetes (Copyright The Kubernetes Authors,
# Apache License 2.0), which imports all models and calls. Only what `kubernetes.config` names is
# left.
from kubernetes.client.api_client import ApiClient
from kubernetes.client.configuration import Configuration
from kubernetes.client.exceptions import ApiException

__all__ = ["ApiClient", "ApiException", "Configuration"]
