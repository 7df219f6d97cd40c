"""Bytes to text: encodings, byte order marks, what is no text; lines and columns of offsets."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubectl_npcheck.manifests.source import DocumentError, Source, decode, line_breaks

TEXT = "kind: NetworkPolicy\nmetadata:\n  name: ü\n"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "utf-32-le"),
        (b"", "utf-32-be"),
    ],
)
def test_each_encoding_is_read_and_written_back(mark: bytes, codec: str) -> None:
    content = mark + TEXT.encode(codec)
    source = decode(content, "a.yaml")
    assert source.text == TEXT
    assert (source.encoding, source.bom) == (codec, bool(mark))
    assert source.encode(source.text) == content


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\x85", "\u2028", ""])
def test_line_ends_are_kept(ending: str) -> None:
    text = f"a: b{ending}c: d{ending}"
    assert decode(text.encode(), "a").text == text


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"a: b\nc: \xff\n", 2, 4, "byte 0xff is not valid UTF-8; save the file as UTF-8"),
        (b"a: b\nc: caf\xe9\n", 2, 7, "byte 0xe9"),
        (b"a: b\n\x00\x01", 2, 1, "binary"),
        (b"\x7fELF\x02\x01\x00\x00\xff\xfe", 1, 9, "binary"),
        (b"\xff\xfea\x00\x00\xd8", 1, 2, "not valid UTF-16"),
        (b"\xef\xbb\xbfa: \xc3", 1, 4, "byte 0xc3"),
    ],
)
def test_what_is_no_text_is_named_with_its_place(
    content: bytes, line: int, column: int, words: str
) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        decode(content, "a.yaml")
    assert (caught.value.line, caught.value.column) == (line, column)


@given(st.binary(max_size=40))
def test_any_bytes_are_text_or_a_document_error(content: bytes) -> None:
    try:
        source = decode(content, "a")
    except DocumentError:
        return
    assert source.encode(source.text) == content


@given(st.text(alphabet="a\r\n\u2028\x85é", max_size=30))
def test_lines_are_those_of_an_editor(text: str) -> None:
    lines = text.replace("\r\n", "\n\n").replace("\r", "\n")
    source = Source("a", text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.line_of(offset) == line
        if text[max(offset - 1, 0) : offset + 1] == "\r\n":
            continue  # between the two, an offset has no line of its own
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        assert line == before.count("\n") + 1
        assert column == len(before) - (before.rfind("\n") + 1) + 1
        assert line_breaks(text, 0, offset) == line - 1
    assert len(lines) == len(text)


def test_the_lines_that_only_yaml_counts_are_known() -> None:
    assert Source("a", "a: b\u2028c: d").uneven
    assert not Source("a", "a: ü\r\nb: c").uneven
