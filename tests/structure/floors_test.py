"""A file includes its own floor or a lower one, and third-party headers stay in the rooms they belong to.

The picture is docs/architecture.md; this is its enforcement.
"""

import pathlib
import re
import sys

# Rooms of libpii/src, from the ground up.
ROOM_FLOOR = {"base": 0, "crypto": 1, "json": 1, "normalize": 2, "formats": 2, "keyset": 2, "keylife": 2, "detect": 2,
              "engine": 3, "mask": 3}
HEADER_FLOOR = {
    "export": 0, "version": 0, "build_info": 0, "error": 0, "result": 0, "secret": 0, "base64url": 0,
    "selftest": 1, "digest": 1, "primitive_speed": 1, "secret_json": 1,
    "normalize": 2, "names": 2, "token": 2, "blind_index": 2, "format_token": 2, "ciphertext": 2, "keyset": 2, "keyset_document": 2,
    "key_algorithm": 2, "keyset_record": 2, "keyset_draft": 2, "key_life": 2, "key_import": 2, "keyset_seal": 2,
    "keyset_signature": 2, "keyset_cell": 2, "detector": 2,
    "c_keys": 3, "observer": 3, "provider": 3, "tokenizer": 3, "protector": 3, "binding": 3, "subject": 3,
    "format_preserver": 3,
    "mask_explain": 3, "mask_policy": 3, "masker": 3,
    "pii": 4,
}
# Which folders may include which third-party headers.
THIRD_PARTY = {
    "openssl/": ("libpii/src/crypto/", "libpii/src/base/build_info.cpp"),
    "sodium": ("libpii/src/",),
    "CLI/": ("piictl/src/",),
    "nlohmann/": ("piictl/src/",),
    "re2/": ("libpii/policy/",),
    "yaml-cpp/": ("libpii/policy/",),
    "phonenumbers/": ("libpii/src/normalize/phone_e164.cpp",),
    "curl/": ("libpii/http/", "providers/src/vault/", "logging/src/ship/",
              "logging/include/pii/logging/adapt/curl.hpp"),
    "zlib.h": ("logging/src/ship/",),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


def floor_of_header(name):
    """Floor of `pii/x.hpp`, or None for a header of another library of ours."""
    match = re.fullmatch(r"pii/(\w+)\.hpp", name)
    return HEADER_FLOOR.get(match.group(1), "unknown") if match else None


def violations(root):
    for path in sorted(root.glob("**/*.[ch]pp")):
        relative = path.relative_to(root).as_posix()
        if relative.split("/")[0] not in ("libpii", "providers", "logging", "piictl"):
            continue
        for quote, name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            for prefix, allowed in THIRD_PARTY.items():
                if quote == "<" and name.startswith(prefix) and not relative.startswith(allowed):
                    yield f"{relative}: <{name}> belongs to {', '.join(allowed)}"
            if quote == "<":
                continue
            header = floor_of_header(name)
            if header == "unknown":
                yield f"{relative}: {name} has no floor: add it to HEADER_FLOOR and to docs/architecture.md"
                continue
            yield from check_one(relative, name, header)


def check_one(relative, name, header):
    parts = relative.split("/")
    if relative.startswith("libpii/policy/"):
        # A library of its own above libpii: public headers only, and nothing of the libraries beside it.
        if header is None and not name.startswith("pii/policy/") and (name.startswith("pii/") or "/" in name):
            yield f"{relative}: {name} is not for libpii/policy"
        return
    if relative.startswith("libpii/http/"):
        # What providers and logging share: errors, results and secrets of libpii, and nothing else.
        if name.split("/")[0] != "http" and header != 0:
            yield f"{relative}: {name} is not for libpii/http"
        return
    if parts[0] == "libpii":
        if name.startswith("http/"):
            yield f"{relative}: {name} is for providers and logging"
        if name.startswith("pii/policy/"):
            yield f"{relative}: libpii knows nothing of {name}"
        if name.startswith("pii/providers/") or name.startswith("pii/logging/"):
            yield f"{relative}: libpii knows nothing of {name}"
        own = HEADER_FLOOR.get(path_stem(relative)) if parts[1] == "include" else ROOM_FLOOR.get(parts[2])
        if own is None:
            yield f"{relative}: stands in no known room"
            return
        if parts[1] == "include" and not name.startswith("pii/"):
            yield f"{relative}: a public header includes the private {name}"
        room = name.split("/")[0]
        used = header if header is not None else ROOM_FLOOR.get(room)
        if used is not None and used > own and not (parts[1] == "src" and own == 3 and used == 4):
            yield f"{relative} (floor {own}) includes {name} (floor {used})"
    elif header is None and name.startswith("pii/"):
        if parts[0] == "providers" and name.startswith("pii/logging/"):
            yield f"{relative}: providers do not know logging"
        if parts[0] == "logging" and name.startswith("pii/providers/"):
            yield f"{relative}: logging does not know providers"
    elif header is None and name.split("/")[0] in ROOM_FLOOR:
        yield f"{relative}: {name} is private to libpii"


def path_stem(relative):
    return pathlib.PurePosixPath(relative).stem


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "floors hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
