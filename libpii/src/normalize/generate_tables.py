#!/usr/bin/env python3
"""Writes unicode_tables.cpp from Python's own Unicode database, which must be version 14.0.0.

The version 1 rules are those of the Python package ecsctx under Unicode 14 (docs/formats.md), so the tables follow
Python's str.strip(), str.lower() and the \\w of its regular expressions, not the Unicode data files. Output is the
same on every run.

  generate_tables.py           writes unicode_tables.cpp beside this script
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


def generate():
    records = {(0, ()): 0}
    indexes = [records.setdefault(properties(c), len(records)) for c in range(sys.maxunicode + 1)]
    used = max(c for c, index in enumerate(indexes) if index) // BLOCK_SIZE + 1
    contents = {}
    blocks = [
        contents.setdefault(tuple(indexes[b * BLOCK_SIZE : (b + 1) * BLOCK_SIZE]), len(contents))
        for b in range(used)
    ]
    if max(len(records), len(contents)) > 256:
        sys.exit("the indexes no longer fit a byte")
    return TEMPLATE.format(
        version=UNICODE_VERSION,
        records=len(records),
        record_rows="\n".join(f"    {{{delta}, {' | '.join(flags) or 0}}}," for delta, flags in records),
        blocks=len(blocks),
        block_rows=rows(blocks),
        entries=len(contents) * BLOCK_SIZE,
        entry_rows=rows(entry for content in contents for entry in content),
        block_size=BLOCK_SIZE,
        table_end=used * BLOCK_SIZE,
    )


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    if unicodedata.unidata_version != UNICODE_VERSION:
        print(f"this Python has Unicode {unicodedata.unidata_version}, the tables are {UNICODE_VERSION}")
        return 77
    text = generate()
    if not sys.argv[1:]:
        TARGET.write_text(text, encoding="ascii")
        return 0
    if TARGET.read_text(encoding="ascii") != text:
        print(f"{TARGET.name} is not what this script makes")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
