"""What is in the zipapps, as a CycloneDX bill of materials in JSON.

Knows CycloneDX and the metadata of distributions; must not know how they are packed.
"""

from __future__ import annotations

import datetime
import email.parser
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from distribution.archives import sha256
from distribution.project import Project


def bill(project: Project, site_packages: Path, wheels: Iterable[Path]) -> str:
    """The bill of the distributions whose metadata lies in a directory, valid by its schema.

    wheels: where they came from, for all platforms; named with their sums
    """
    sources: dict[str, list[Path]] = {}
    for wheel in sorted(set(wheels), key=lambda path: path.name):
        sources.setdefault(_normal(wheel.name.partition("-")[0]), []).append(wheel)
    found = [_metadata(path) for path in sorted(site_packages.glob("*.dist-info/METADATA"))]
    own = next(fields for fields in found if _normal(fields["Name"]) == project.name)
    bom = Bom()
    bom.metadata.component = _component(own, [], ComponentType.APPLICATION)
    for fields in found:
        if fields is not own:
            name = _normal(fields["Name"])
            bom.components.add(_component(fields, sources[name], ComponentType.LIBRARY))
    bom.register_dependency(bom.metadata.component, bom.components)
    # One that is made from the content; the library would take a random one, and the present time.
    content = "\n".join(
        f"{path.name} {sha256(path)}" for paths in sources.values() for path in paths
    )
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{project.homepage}\n{content}")
    bom.metadata.timestamp = datetime.datetime.fromtimestamp(
        project.released, datetime.timezone.utc
    )
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise ValueError(f"the bill of materials is not valid: {wrong}")
    return f"{text}\n"


def _component(fields: Mapping[str, str], wheels: list[Path], kind: ComponentType) -> Component:
    name, version = _normal(fields["Name"]), fields["Version"]
    address = PackageURL("pypi", None, name, version)
    said = fields.get("License-Expression") or _known(fields.get("License"))
    return Component(
        type=kind,
        name=name,
        version=version,
        bom_ref=str(address),
        purl=address,
        licenses=[LicenseFactory().make_from_string(said)] if said else [],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(wheel.name),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256(wheel))],
            )
            for wheel in wheels
        ],
    )


def _metadata(path: Path) -> Mapping[str, str]:
    return dict(email.parser.HeaderParser().parsestr(path.read_text("utf-8")).items())


def _known(text: str | None) -> str | None:
    """A licence in one line, or None where the metadata holds its whole text, or nothing."""
    return text if text and "\n" not in text else None


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
