"""Plain object → Port, with what the API server would refuse in it.

Source: `ValidateNetworkPolicyPort`. Must not know rules or policies.
"""

from __future__ import annotations

from functools import lru_cache

from kubectl_npcheck.origin import Path
from kubectl_npcheck.policy.model import Port
from kubectl_npcheck.policy.parsing import schema
from kubectl_npcheck.policy.parsing.defects import Defects
from kubectl_npcheck.policy.parsing.names import port_name

PROTOCOLS = ("TCP", "UDP", "SCTP")
_STRUCT = "NetworkPolicyPort"
_RANGE = "must be between 1 and 65535, inclusive"


def parse_port(item: object, index: int, base: Path, struct: str, defects: Defects) -> Port | None:
    """Read one item of `ports`, which stands in a rule (Go's name `struct`); None if it is none.

    Protocol is TCP if absent or null. A null item is `{}`: every TCP port.
    """
    if item is None:
        return Port(index, "TCP", None)
    if type(item) is not dict:
        defects.mismatch(item, (*base, index), struct, "v1.NetworkPolicyPort")
        return None
    protocol = item.get("protocol")
    port = item.get("port")
    if protocol is None:
        protocol = "TCP"
    elif protocol not in PROTOCOLS:
        protocol = _protocol(protocol, (*base, index, "protocol"), defects)
    if not item.keys() <= schema.PORT:
        schema.unknown_fields(item, (*base, index), schema.PORT, defects)
    if type(port) is int and 0 < port < 65536 and "endPort" not in item:
        return _plain(index, protocol, port)
    number = _number(port, (*base, index, "port"), defects)
    end = _end(item.get("endPort"), number, (*base, index), defects)
    return Port(index, protocol, number, end)


@lru_cache(maxsize=4096)
def _plain(index: int, protocol: str, port: int) -> Port:
    """The common port, one object for all: repositories open few of them."""
    return Port(index, protocol, port)


def int32(value: object) -> int | None:
    """The value as Go's decoder takes it for an int32: `80` and `80.0`; None if it does not."""
    if type(value) is float and value.is_integer() and abs(value) < 1e21:
        value = int(value)
    if type(value) is int and -(2**31) <= value < 2**31:
        return value
    return None


def _protocol(value: object, path: Path, defects: Defects) -> str:
    if type(value) is not str:
        defects.mismatch(value, path, _STRUCT, "v1.Protocol")
        return "TCP"
    defects.unsupported(path, value, PROTOCOLS)
    upper = value.upper()
    return upper if upper in PROTOCOLS else value


def _number(value: object, path: Path, defects: Defects) -> int | str | None:
    """The port as number or name; a refused one stays as it is written, if it is either."""
    if value is None:
        return None
    if type(value) is str:
        for complaint in port_name(value):
            defects.invalid(path, value, complaint, hint=_name_hint(value))
        return value
    number = int32(value)
    if number is None:
        defects.mismatch(value, path, _STRUCT, "int32")
    elif not 0 < number < 65536:
        defects.invalid(path, number, _RANGE)
    return number


def _end(value: object, port: int | str | None, base: Path, defects: Defects) -> int | None:
    if value is None:
        return None
    path = (*base, "endPort")
    end = int32(value)
    if end is None:
        defects.mismatch(value, path, _STRUCT, "int32")
        return None
    if port is None:
        defects.invalid(path, end, "may not be specified when `port` is not specified")
    elif isinstance(port, str):
        defects.invalid(path, end, "may not be specified when `port` is non-numeric")
    else:
        if end < port:
            defects.invalid(path, end, "must be greater than or equal to `port`")
        if not 0 < end < 65536:
            defects.invalid(path, end, _RANGE)
    return end


def _name_hint(text: str) -> str:
    """A number in quotes is a name; a range has a field of its own."""
    first, dash, last = text.partition("-")
    if not (first.isdecimal() and first.isascii()):
        return ""
    if not dash:
        return f"write the number without quotes: {first}"
    if last.isdecimal() and last.isascii():
        return f"write the range as `port: {first}` and `endPort: {last}`"
    return ""
