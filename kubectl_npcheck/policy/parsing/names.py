"""The syntax of names and labels, in the API server's words.

Each function takes a text and gives the complaints, () if there is none; answers are remembered,
since the same few names fill a repository. Wording and patterns follow Kubernetes 1.37
(apimachinery, `pkg/util/validation` and `pkg/api/validate/content`).
Knows texts only; must not know fields or objects.
"""

from __future__ import annotations

from functools import lru_cache

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What the messages show; `_joined` and the like decide without the time that a pattern's
# compilation takes at every start.
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = _LABEL + r"(\." + _LABEL + ")*"
_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = "(" + _KEY + ")?"
_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character"
)
_LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character"
)
_KEY_TEXT = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character"
)
_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character"
)


@lru_cache(maxsize=16384)
def label_key(text: str) -> tuple[str, ...]:
    """Complaints about a label key: an optional DNS prefix and `/`, then a name."""
    complaints: list[str] = []
    parts = text.split("/")
    if len(parts) > 2:
        expected = _expected(_KEY_TEXT, _KEY, "MyName", "my.name", "123-abc")
        return (
            f"a valid label key {expected} with an optional DNS subdomain prefix and '/' "
            "(e.g. 'example.com/MyName')",
        )
    if len(parts) == 2:
        if parts[0]:
            complaints += [f"prefix part {c}" for c in _subdomain(parts[0], "bytes")]
        else:
            complaints.append("prefix part must be non-empty")
    name = parts[-1]
    if not name:
        complaints.append("name part must be non-empty")
    elif _size(name) > 63:
        complaints.append("name part must be no more than 63 bytes")
    if not _joined(name, "-_."):
        expected = _expected(_KEY_TEXT, _KEY, "MyName", "my.name", "123-abc")
        complaints.append(f"name part {expected}")
    return tuple(complaints)


@lru_cache(maxsize=16384)
def label_value(text: str) -> tuple[str, ...]:
    """Complaints about a label value; the empty text is one."""
    complaints: list[str] = []
    if _size(text) > 63:
        complaints.append("must be no more than 63 bytes")
    if text and not _joined(text, "-_."):
        complaints.append(_expected(_VALUE_TEXT, _VALUE, "MyValue", "my_value", "12345"))
    return tuple(complaints)


@lru_cache(maxsize=16384)
def object_name(text: str, prefix: bool = False) -> tuple[str, ...]:
    """Complaints about the name of a NetworkPolicy, or, as `prefix`, about a `generateName`."""
    if not prefix:
        return tuple(_subdomain(text, "characters"))
    # The API server masks a trailing dash, and the letter before it, and later checks the name.
    masked = text[:-2] + "a" if len(text) > 1 and text[-1] == "-" else text
    return tuple(_subdomain(masked, "characters") or _subdomain(text[:58] + "x", "characters"))


@lru_cache(maxsize=4096)
def namespace_name(text: str) -> tuple[str, ...]:
    """Complaints about the name of a namespace."""
    complaints: list[str] = []
    if _size(text) > 63:
        complaints.append("must be no more than 63 characters")
    if not _is_label(text):
        if _is_subdomain(text):
            complaints.append("must not contain dots")
        else:
            complaints.append(_expected(_LABEL_TEXT, _LABEL, "my-name", "123-abc"))
    return tuple(complaints)


@lru_cache(maxsize=1024)
def port_name(text: str) -> tuple[str, ...]:
    """Complaints about the name of a port (an IANA service name)."""
    complaints: list[str] = []
    if _size(text) > 15:
        complaints.append("must be no more than 15 characters")
    if not text or text.strip(_LETTERS + "-0123456789"):
        complaints.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not set(_LETTERS) & set(text):
        complaints.append("must contain at least one letter (a-z)")
    if "--" in text:
        complaints.append("must not contain consecutive hyphens")
    if text and "-" in (text[0], text[-1]):
        complaints.append("must not begin or end with a hyphen")
    return tuple(complaints)


def is_placeholder(text: str) -> bool:
    """Whether some tool is still to fill in the text: `${VAR}`, `$(VAR)`, `$VAR`, `{{ … }}`."""
    if "{{" in text:
        return True
    dollar = text.find("$")
    while dollar >= 0:
        following = text[dollar + 1 : dollar + 2]
        if following in ("{", "(", "_") or (following.isascii() and following.isalpha()):
            return True
        dollar = text.find("$", dollar + 1)
    return False


def _subdomain(text: str, unit: str) -> list[str]:
    complaints: list[str] = []
    if _size(text) > 253:
        complaints.append(f"must be no more than 253 {unit}")
    if not _is_subdomain(text):
        complaints.append(_expected(_SUBDOMAIN_TEXT, _SUBDOMAIN, "example.com"))
    return complaints


def _joined(text: str, separators: str) -> bool:
    """Whether the text is of ASCII letters and digits, with separators between them."""
    bare = text
    for separator in separators:
        bare = bare.replace(separator, "")
    return bare.isalnum() and text.isascii() and not {text[0], text[-1]} & set(separators)


def _is_label(text: str) -> bool:
    return _joined(text, "-") and text == text.lower()


def _is_subdomain(text: str) -> bool:
    return all(map(_is_label, text.split(".")))


def _expected(text: str, pattern: str, *examples: str) -> str:
    shown = " or ".join([f"'{example}', " for example in examples])
    return f"{text} (e.g. {shown}regex used for validation is '{pattern}')"


def _size(text: str) -> int:
    """Length in bytes, as Go counts."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
