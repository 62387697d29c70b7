"""The parts of an XLSX file, unpacked no further than is safe."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from xml.parsers import expat

LARGEST_UNPACKED = 2**30
HIGHEST_RATIO = 100
"""Real workbooks shrink to a tenth, at best to a fiftieth; a zip bomb to a thousandth."""
_FREE = 16 * 2**20
_BLOCK = 2**18
MALFORMED = (
    zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, LookupError,
    NotImplementedError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What the zip and XML readers raise for files that are not what they claim to be."""

Attributes = dict[str, str]
Begin = Callable[[str, Attributes], None]


class TooLargeError(Exception):
    """Unpacked, the file is larger than anything a person fills in."""


class Archive:
    """The XML parts of a workbook, a block at a time.

    A part gives at most what the directory declares for it, whatever it unpacks to; what
    the directory declares is limited in size and in ratio.
    """

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        unpacked = sum(part.file_size for part in self._zip.infolist())
        most = max(_FREE, HIGHEST_RATIO * path.stat().st_size)
        if unpacked > min(most, LARGEST_UNPACKED):
            self._zip.close()
            raise TooLargeError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        return part in self._zip.NameToInfo

    def parse(
        self, part: str, begin: Begin, end: Callable[[str], None], text: Callable[[str], None]
    ) -> None:
        """The elements of a part in order. Raises one of MALFORMED when it is no XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = begin
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_doctype
        with self._zip.open(part) as content:
            for block in iter(lambda: content.read(_BLOCK), b""):
                parser.Parse(block, False)  # noqa: FBT003 - expat takes no names
        parser.Parse(b"", True)  # noqa: FBT003 - as above

    def elements(self, part: str) -> list[tuple[str, Attributes]]:
        """Names and attributes of all elements of a small part, without their prefixes."""
        found: list[tuple[str, Attributes]] = []

        def begin(name: str, attributes: Attributes) -> None:
            found.append((local(name), {local(key): value for key, value in attributes.items()}))

        self.parse(part, begin, lambda _: None, lambda _: None)
        return found

    def related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, kind and part of everything that a part refers to."""
        folder, name = posixpath.split(part)
        for element, relation in self.elements(f"{folder}/_rels/{name}.rels"):
            if element == "Relationship" and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation["Target"]))
                yield relation["Id"], relation["Type"].rpartition("/")[2], target.lstrip("/")


def local(name: str) -> str:
    """A name of XML without its prefix."""
    return name.rpartition(":")[2]


def _no_doctype(*_: object) -> None:
    # no program writes one into a workbook; it is the way to entities that grow without end
    raise ValueError
