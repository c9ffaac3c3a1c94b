#!/usr/bin/env python3
"""Writes unicode_tables.cpp and nfc_tables.cpp from Python's own Unicode database, which must be version 14.0.0.

The version 1 rules are those of the Python package ecsctx under Unicode 14 (docs/formats.md), so the tables follow
Python's str.strip(), str.lower() and the \\w of its regular expressions, not the Unicode data files. The
tables of composition are those of Unicode itself (UAX 15). Output is the same on every run.

  generate_tables.py           writes both files beside this script
  generate_tables.py --check   compares instead; exit code 1 when it differs
Exit code 77, which tests take for "skipped", when this Python has another Unicode version.
"""

import pathlib
import sys
import unicodedata

UNICODE_VERSION = "14.0.0"
BLOCK_BITS = 7
BLOCK_SIZE = 1 << BLOCK_BITS
EXPANDING = 0x130  # the only code point whose lower case is two: i, U+0307
TARGET = pathlib.Path(__file__).with_name("unicode_tables.cpp")
NFC_TARGET = pathlib.Path(__file__).with_name("nfc_tables.cpp")

TEMPLATE = """\
// Made by generate_tables.py from Unicode {version}. Do not edit.
// clang-format off
#include "normalize/unicode_properties.hpp"

namespace pii::unicode {{
namespace {{

constexpr std::uint8_t kSpace = Properties::kSpace;
constexpr std::uint8_t kDigit = Properties::kDigit;
constexpr std::uint8_t kCased = Properties::kCased;
constexpr std::uint8_t kIgnorable = Properties::kCaseIgnorable;
constexpr std::uint8_t kExpands = Properties::kLowerExpands;
constexpr std::uint8_t kWord = Properties::kWord;

}}  // namespace

// Every combination of lower-case distance and flags that occurs.
const Properties kProperties[{records}] = {{
{record_rows}
}};

// Block of every {block_size} code points.
const std::uint8_t kBlocks[{blocks}] = {{
{block_rows}
}};

// Index into kProperties, by block and code point.
const std::uint8_t kEntries[{entries}] = {{
{entry_rows}
}};

static_assert(kBlockSize == {block_size} && kTableEnd == {table_end:#x});

}}  // namespace pii::unicode
"""


NFC_TEMPLATE = """\
// Made by generate_tables.py from Unicode {version}. Do not edit.
// clang-format off
#include "normalize/nfc_tables.hpp"

namespace pii::unicode {{

// Combining class (low byte) and what the quick check says (kNfcNo, kNfcMaybe), every combination that occurs.
const std::uint16_t kNfcProperties[{records}] = {{
{record_rows}
}};

// Block of every {block_size} code points.
const std::uint8_t kNfcBlocks[{blocks}] = {{
{block_rows}
}};

// Index into kNfcProperties, by block and code point.
const std::uint8_t kNfcEntries[{entries}] = {{
{entry_rows}
}};

// Code point, then where its full canonical decomposition lies in kNfcParts and of how many code points it is:
// offset * 8 + size. By code point; Hangul syllables are computed.
const NfcDecomposition kNfcDecompositions[kNfcDecompositionCount] = {{
{decomposition_rows}
}};

const char32_t kNfcParts[{parts}] = {{
{part_rows}
}};

// First and second code point, and what they compose to. By the pair.
const NfcComposition kNfcCompositions[kNfcCompositionCount] = {{
{composition_rows}
}};

static_assert(kNfcBlockSize == {block_size} && kNfcTableEnd == {table_end:#x} &&
              kNfcDecompositionCount == {decompositions} && kNfcCompositionCount == {compositions});

}}  // namespace pii::unicode
"""

NFC_NO = 0x100  # is not in NFC wherever it stands
NFC_MAYBE = 0x200  # may compose with what stands before
HANGUL = range(0xAC00, 0xD7A4)
JAMO_VOWELS_AND_TAILS = (range(0x1161, 0x1176), range(0x11A8, 0x11C3))


def characters():
    return (c for c in range(sys.maxunicode + 1) if not 0xD800 <= c <= 0xDFFF)


def compositions():
    """(first, second) -> composite, without the composition exclusions: what composes again."""
    pairs = {}
    for c in characters():
        mapping = unicodedata.decomposition(chr(c)).split()
        if len(mapping) == 2 and "<" not in mapping[0] and unicodedata.normalize("NFC", chr(c)) == chr(c):
            pairs[int(mapping[0], 16), int(mapping[1], 16)] = c
    return pairs


def generate_nfc():
    pairs = compositions()
    seconds = {second for _, second in pairs}
    seconds.update(c for jamo in JAMO_VOWELS_AND_TAILS for c in jamo)

    def entry(c):
        if 0xD800 <= c <= 0xDFFF:
            return 0
        changes = unicodedata.normalize("NFC", chr(c)) != chr(c)
        return unicodedata.combining(chr(c)) | (NFC_NO if changes else 0) | (NFC_MAYBE if c in seconds else 0)

    table = Stages(entry, 0)
    parts = []
    decompositions = []
    for c in characters():
        text = unicodedata.normalize("NFD", chr(c))
        if text == chr(c) or c in HANGUL:
            continue
        decompositions.append(f"{{{c:#x}, {len(parts) * 8 + len(text)}}},")
        parts.extend(ord(part) for part in text)
    return NFC_TEMPLATE.format(
        version=UNICODE_VERSION,
        record_rows=rows(table.records),
        decompositions=len(decompositions),
        decomposition_rows=lines(decompositions, 6),
        parts=len(parts),
        part_rows=rows(parts),
        compositions=len(pairs),
        composition_rows=lines([f"{{{a:#x}, {b:#x}, {pairs[a, b]:#x}}}," for a, b in sorted(pairs)], 4),
        **table.text(),
    )


def properties(code_point):
    """(distance to the lower-case code point, names of the flags) as str's methods see them."""
    if 0xD800 <= code_point <= 0xDFFF:
        return 0, ()
    char = chr(code_point)
    flags = []
    if not char.strip():
        flags.append("kSpace")
    if unicodedata.category(char) == "Nd":
        flags.append("kDigit")
    # A sigma after a letter is final unless something cased follows it, case-ignorable characters skipped.
    followed = ("a\u03a3" + char).lower()[1]
    followed_by_letter = ("a\u03a3" + char + "a").lower()[1]
    if followed == "\u03c3":
        flags.append("kCased")
    elif followed_by_letter == "\u03c3":
        flags.append("kIgnorable")
    lower = char.lower()
    if len(lower) != 1:
        if code_point != EXPANDING or lower != "i\u0307":
            sys.exit(f"U+{code_point:04X} expands, and lower.cpp does not know it")
        flags.append("kExpands")
    if char.isalnum() or char == "_":
        flags.append("kWord")
    return ord(lower[0]) - code_point, tuple(flags)


def rows(numbers):
    numbers = list(numbers)
    return "\n".join(",".join(map(str, numbers[i : i + 24])) + "," for i in range(0, len(numbers), 24))


def lines(items, count):
    return "\n".join("    " + " ".join(items[i : i + count]) for i in range(0, len(items), count))


class Stages:
    """A two-stage table: records, blocks of indexes into them, and which block each stretch has."""

    def __init__(self, entry, default):
        self.records = {default: 0}
        indexes = [self.records.setdefault(entry(c), len(self.records)) for c in range(sys.maxunicode + 1)]
        used = max(c for c, index in enumerate(indexes) if index) // BLOCK_SIZE + 1
        self.contents = {}
        self.blocks = [
            self.contents.setdefault(tuple(indexes[b * BLOCK_SIZE : (b + 1) * BLOCK_SIZE]), len(self.contents))
            for b in range(used)
        ]
        if max(len(self.records), len(self.contents)) > 256:
            sys.exit("the indexes no longer fit a byte")

    def text(self):
        return {
            "records": len(self.records),
            "blocks": len(self.blocks),
            "block_rows": rows(self.blocks),
            "entries": len(self.contents) * BLOCK_SIZE,
            "entry_rows": rows(entry for content in self.contents for entry in content),
            "block_size": BLOCK_SIZE,
            "table_end": len(self.blocks) * BLOCK_SIZE,
        }


def generate():
    table = Stages(properties, (0, ()))
    return TEMPLATE.format(
        version=UNICODE_VERSION,
        record_rows="\n".join(f"    {{{delta}, {' | '.join(flags) or 0}}}," for delta, flags in table.records),
        **table.text(),
    )


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    if unicodedata.unidata_version != UNICODE_VERSION:
        print(f"this Python has Unicode {unicodedata.unidata_version}, the tables are {UNICODE_VERSION}")
        return 77
    status = 0
    for target, text in ((TARGET, generate()), (NFC_TARGET, generate_nfc())):
        if not sys.argv[1:]:
            target.write_text(text, encoding="ascii")
        elif target.read_text(encoding="ascii") != text:
            print(f"{target.name} is not what this script makes")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
