"""Builds and runs a stranger's program against pii: find_package, its components, pkg-config, add_subdirectory, and the
shared libraries. The keyset is a fixed one, so the printed token is known."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
KEYSET = {"schema_version": 1, "primary_kid": "tk1", "keys": {"tk1": {
    "alg": "HMAC-SHA-256", "created_at": "2025-01-01T00:00:00Z", "key_b64": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}}}
# The token below was made by ecsctx 0.5.5 from this keyset.
HARDENING_FLAGS = ("-fstack-protector", "-D_FORTIFY_SOURCE", "-Werror", "-Wall", "-fcf-protection", "-z,relro", "fsanitize")


def run(command, **options):
    print("+", *command, flush=True)
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    print(done.stdout[-4000:], flush=True)
    if done.returncode != 0:
        sys.exit(f"ended with {done.returncode}")
    return done.stdout


def cmake_project(folder, compiler, lines, source, definitions=()):
    folder.mkdir()
    shutil.copy(HERE / "outsider" / source, folder / "main.cpp")
    (folder / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(app LANGUAGES CXX)\n" + lines)
    run(["cmake", "-S", str(folder), "-B", str(folder / "build"), f"-DCMAKE_CXX_COMPILER={compiler}",
         "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *definitions])
    run(["cmake", "--build", str(folder / "build"), "-j2"])
    commands = json.loads((folder / "build" / "compile_commands.json").read_text())
    ours = [c["command"] for c in commands if c["file"].startswith(str(folder))]
    leaked = [flag for flag in HARDENING_FLAGS for command in ours if flag in command]
    if leaked:
        sys.exit(f"flags of ours reached the outsider: {leaked}")
    return folder / "build" / "app"


def main():
    way, root, build, compiler = sys.argv[1:5]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        prefix, app = folder / "prefix", folder / "app"
        use_all = "find_package(pii REQUIRED)\nadd_executable(app main.cpp)\ntarget_link_libraries(app PRIVATE pii::pii)\n"
        if way in ("find_package", "components", "pkg_config"):
            run(["cmake", "--install", build, "--prefix", str(prefix)])
        where = [f"-DCMAKE_PREFIX_PATH={prefix}"]
        same = ["-DPII_WARNINGS_AS_ERRORS=ON"]  # what the build under test was made with: a compiler cache knows the objects
        if way == "find_package":
            program = cmake_project(app, compiler, use_all, "main.cpp", where)
        elif way == "components":
            lines = ("find_package(pii REQUIRED COMPONENTS core)\nadd_executable(app main.cpp)\n"
                     "target_link_libraries(app PRIVATE pii::core)\n"
                     "if(TARGET pii::providers)\n  message(FATAL_ERROR \"core brought providers\")\nendif()\n")
            program = cmake_project(app, compiler, lines, "core_only.cpp", where)
        elif way == "pkg_config":
            found = list(prefix.glob("**/pii.pc"))
            environment = os.environ | {"PKG_CONFIG_PATH": str(found[0].parent)}
            flags = run(["pkg-config", "--cflags", "--libs", "pii"], env=environment).split()
            app.mkdir()
            program = app / "app"
            run([compiler, "-std=c++20", str(HERE / "outsider" / "main.cpp"), "-o", str(program), *flags])
        elif way == "add_subdirectory":
            lines = (f"add_subdirectory({root} pii)\nadd_executable(app main.cpp)\ntarget_link_libraries(app PRIVATE pii::pii)\n"
                     "if(TARGET piictl)\n  message(FATAL_ERROR \"a subproject does not build piictl unasked\")\nendif()\n")
            program = cmake_project(app, compiler, lines, "main.cpp", same)
        elif way == "shared":
            run(["cmake", "-S", root, "-B", str(folder / "so"), f"-DCMAKE_CXX_COMPILER={compiler}", "-DBUILD_SHARED_LIBS=ON",
                 "-DPII_BUILD_PIICTL=OFF", "-DCMAKE_BUILD_TYPE=Release", *same])
            run(["cmake", "--build", str(folder / "so"), "-j2"])
            run(["cmake", "--install", str(folder / "so"), "--prefix", str(prefix)])
            program = cmake_project(app, compiler, use_all, "main.cpp", where)
            exported = run(["nm", "-DC", "--defined-only", str(next(prefix.glob("**/libpii_core.so")))])
            foreign = [line for line in exported.splitlines() if " T pii::crypto::" in line or " T pii::json::" in line]
            if foreign:
                sys.exit(f"private rooms are exported: {foreign[:3]}")
        else:
            sys.exit(f"unknown way {way}")

        keyset = folder / "token.json"
        keyset.write_text(json.dumps(KEYSET))
        keyset.chmod(0o600)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PII")}
        printed = run([str(program)], env=environment | {"PII_ENV": "prod", "PII_TOKEN_KEYSET_PATH": str(keyset)})
        expected = "ptok:v1:" if way == "components" else "ptok:v1:7gmB1Hmn9xa8kMJCem_VV0-rYwYDSA5lZ1gQMgeV4XY"
        if expected not in printed:
            sys.exit("another token than ecsctx makes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
