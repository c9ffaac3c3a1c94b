"""Reads the colours of the page of `piictl scan --report`: in the light and in the dark scheme texts stand out from what they
are written on as WCAG 2.1 asks for (1.4.3: 4.5 to 1), and the borders of controls too (1.4.11: 3 to 1).    usage: contrast_test.py page.css
"""

import pathlib
import re
import sys

TEXTS = ("ink", "soft", "accent", "critical", "high", "medium", "low")
GROUNDS = ("paper", "card", "hover")


def colours(block):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def main():
    style = pathlib.Path(sys.argv[1]).read_text()
    light = colours(re.search(r":root \{(.*?)\}", style, re.S).group(1))
    dark = light | colours(re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", style, re.S).group(1))
    failed = 0
    for scheme, of in (("light", light), ("dark", dark)):
        wanted = [(text, ground, 4.5) for text in TEXTS for ground in GROUNDS] + [("edge", "card", 3)]
        for colour, ground, least in wanted:
            found = contrast(of[colour], of[ground])
            if found < least:
                failed += 1
                print(f"FAILED {scheme}: {colour} on {ground} has {found:.2f} to 1, not {least}")
    if len(light) < 15 or light["ink"] == dark["ink"]:
        sys.exit("FAILED: the schemes were not read")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
