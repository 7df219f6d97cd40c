"""Plain object → IPBlock, with what the API server would refuse in it, or soon will.

Source: `ValidateIPBlock`, and `GetWarningsForCIDR` for the forms that are refused from 1.36 on.
Must not know peers or rules.
"""

from __future__ import annotations

from functools import lru_cache

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.cidrs import V4, Cidr, parse_cidr
from kubectl_npcheck.policy.model import Defect, IPBlock
from kubectl_npcheck.policy.parsing import schema
from kubectl_npcheck.policy.parsing.defects import Defects, field_text, shown
from kubectl_npcheck.policy.parsing.names import is_placeholder

_block = lru_cache(maxsize=4096)(parse_cidr)
_VALID = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"


def parse_ip_block(value: object, path: Path, defects: Defects) -> IPBlock | None:
    """Read an `ipBlock` that is there; None if it says no block at all."""
    if type(value) is not dict:
        if defects.mismatch(value, path, "NetworkPolicyPeer", "v1.IPBlock"):
            return IPBlock(str(value))
        return None
    if not value.keys() <= schema.IP_BLOCK:
        schema.unknown_fields(value, path, schema.IP_BLOCK, defects)
    text = value.get("cidr")
    where = (*path, "cidr")
    if type(text) is not str and text is not None:
        defects.mismatch(text, where, "IPBlock", "string")
        return None
    if not text:
        defects.refuse(where, "Required value")
        return None
    cidr = _cidr(text, where, defects)
    excepts = value.get("except")
    if not excepts and (excepts is None or type(excepts) is list):
        return IPBlock(text)
    return IPBlock(text, _excepts(excepts, cidr, (*path, "except"), defects))


def _excepts(value: object, cidr: Cidr | None, path: Path, defects: Defects) -> tuple[str, ...]:
    if type(value) is not list:
        defects.mismatch(value, path, "IPBlock", "[]string")
        return ()
    texts: list[str] = []
    for index, text in enumerate(value):
        where = (*path, index)
        if text is None:
            text = ""
        if type(text) is not str:
            defects.mismatch(text, where, "IPBlock", "string")
            continue
        texts.append(text)
        if cidr is None:  # the API server looks no further; a placeholder is one all the same
            if is_placeholder(text):
                defects.unresolved.append(where)
            continue
        hole = _cidr(text, where, defects)
        if hole is not None and not _strictly_inside(hole, cidr):
            defects.invalid(where, text, "must be a strict subset of `cidr`")
    return tuple(texts)


def _strictly_inside(hole: Cidr, cidr: Cidr) -> bool:
    return (
        hole.family == cidr.family
        and cidr.first <= hole.first <= cidr.last
        and _written_prefix(hole) > _written_prefix(cidr)
    )


def _written_prefix(cidr: Cidr) -> int:
    """The API server compares the lengths as written, also of an IPv4 block in IPv6 clothes."""
    return cidr.prefix + 96 if cidr.mapped and cidr.family == V4 else cidr.prefix


def _cidr(text: str, path: Path, defects: Defects) -> Cidr | None:
    """The block; refused ones and those that 1.36 refuses are noted."""
    cidr = _block(text)
    if cidr is None:
        if is_placeholder(text):
            defects.unresolved.append(path)
        else:
            defects.refuse(path, f"Invalid value: {shown(text)}: {_VALID}", hint=_hint(text))
        return cidr
    if cidr.host_bits or cidr.leading_zeros or cidr.mapped:
        _not_canonical(text, cidr, path, defects)
    return cidr


def _not_canonical(text: str, cidr: Cidr, path: Path, defects: Defects) -> None:
    """Host bits leave two candidates, and so no canonical form to suggest."""
    field = field_text(path)
    if cidr.host_bits:
        message = (
            f"CIDR value {shown(text)} is ambiguous in this context "
            f'(should be "{cidr.text}" or "{cidr.single}"?)'
        )
        hint = f"write `{cidr.text}` for the network, or `{cidr.single}` for the one address"
    else:
        why = "leading zeros" if cidr.leading_zeros else "an IPv4-mapped IPv6 address"
        message = f'non-standard CIDR value {shown(text)} ({why}): use "{cidr.text}"'
        hint = f"write `{cidr.text}`"
    defects.found.append(Defect("cidr-not-canonical", path, f"{field}: {message}", hint))


def _hint(text: str) -> str:
    """An address without its prefix length is the common slip."""
    cidr = parse_cidr(text + ("/128" if ":" in text else "/32"))
    return f"write `{cidr.text}` for the one address" if cidr is not None else ""
