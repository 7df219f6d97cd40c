"""What of the wheels goes into the zipapp."""

from __future__ import annotations

import pytest
from distribution.contents import kept


@pytest.mark.parametrize(
    "name",
    [
        "kubectl_npcheck/__main__.py",
        "kubectl_npcheck/py.typed",
        "kubernetes/client/api_client.py",
        "kubernetes/client/rest.py",
        "kubernetes/config/kube_config.py",
        "yaml/_yaml.cpython-312-x86_64-linux-gnu.so",
        "certifi/cacert.pem",
        "click-8.5.1.dist-info/METADATA",
        "click-8.5.1.dist-info/licenses/LICENSE.txt",
    ],
)
def test_this_is_kept(name: str) -> None:
    assert kept(name)


@pytest.mark.parametrize(
    "name",
    [
        "kubernetes/client/models/v1_pod.py",
        "kubernetes/client/api/core_v1_api.py",
        "kubernetes/aio/client/models/v1_pod.py",
        "kubernetes/config/kube_config_test.py",
        "markupsafe/_speedups.pyi",
        "click-8.5.1.dist-info/RECORD",
        "click-8.5.1.dist-info/direct_url.json",
    ],
)
def test_this_is_left_out(name: str) -> None:
    assert not kept(name)


def test_what_belongs_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="outside of site-packages"):
        kept("tool-1.0.data/scripts/tool")
