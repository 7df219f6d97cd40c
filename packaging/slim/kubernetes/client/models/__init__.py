# This file replaces that of the Python client for Kubernetes (Copyright The Kubernetes Authors,
# Apache License 2.0): no models are in this archive. `ApiClient` imports the package and finds
# the class of a typed answer in it; credentials ask for none.
