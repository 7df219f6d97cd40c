"""Jinja2, set up so that no name in a report can become markup, and the page's own parts.

Every value that a template prints is made visible (`appearance.shown`) and escaped, unless it is
markup of the templates themselves.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kubectl_npcheck.reports.appearance import plural, shown

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

STYLES = ("base.css", "parts.css", "tables.css", "picture.css", "media.css")
HEAD_SCRIPT = "early.js"
SCRIPTS = ("list.js", "jump.js", "trace.js", "page.js")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of `page/`. `reports` has seen to it that Jinja2 is there."""
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(part),
        autoescape=True,
        finalize=_visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["prose"] = prose
    found.filters["plural"] = plural
    found.filters["whole"] = whole
    found.filters["emphasis"] = emphasis
    found.globals.update(style=_own("\n".join(map(part, STYLES))))
    found.globals.update(early=_own(part(HEAD_SCRIPT)))
    found.globals.update(script=_own("\n".join(map(part, SCRIPTS))))
    found.globals.update(digest=_digest)
    return found


def part(name: str) -> str:
    """The text of a file of `page/`, wherever the package is installed, a zip archive included."""
    return files(__package__).joinpath("page").joinpath(name).read_text(encoding="utf-8")


def prose(text: str) -> Markup:
    """A sentence with its `quoted` parts as code; an odd backtick stays one."""
    from markupsafe import Markup, escape

    pieces = shown(text).split("`")
    if len(pieces) % 2 == 0:
        return escape(shown(text))
    marked = [
        Markup("<code>{}</code>").format(piece) if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    ]
    return Markup("").join(marked)


def emphasis(text: str) -> Markup:
    """A sentence of npcheck's documentation: `quoted` parts as code, and *stressed* ones."""
    from markupsafe import Markup, escape

    pieces = re.split(r"(`[^`]+`|\*[^*`]+\*)", text)
    tags = {"`": "<code>{}</code>", "*": "<em>{}</em>"}
    marked = [
        Markup(tags[piece[0]]).format(piece[1:-1]) if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    ]
    return Markup("").join(marked)


def whole(text: str) -> Markup:
    """A text of several lines that npcheck itself wrote: line ends stay, and nothing is cut."""
    from markupsafe import escape

    return escape(text)


def _visible(value: Any) -> Any:
    return shown(value) if type(value) is str else value


def _own(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)


def _digest(text: str) -> str:
    """How a content security policy names the one style or script that it lets run."""
    found = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(found).decode()}"
