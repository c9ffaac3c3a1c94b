"""piictl mask by the command line, beside cat, wc -l, rg --replace, sed and the Python peer, in one interleaved run.

usage: mask_cli.py PIICTL [--sizes MB...] [--rounds N] [--python PYTHON]

Makes log events of each size (1000: 1 GB) in TMPDIR, and prints what the best round of each gave (of more than 10 MB sed and the peer
have one): speed,
its ratio to piictl mask on one thread (in processor time, so that a busy machine does not matter), how linear the cost is, and
peak memory. PYTHON has the package ecsctx; without, no peer.
"""

import argparse
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PEER = """
import json, sys
import ecsctx.pii as pii
import ecsctx.processors as peer
pii.configure_pii(token_keyset_path=sys.argv[1], env="dev")
for line in sys.stdin:
    print(json.dumps(peer.mask_sensitive_data(None, "info", json.loads(line))))
"""
PATTERN = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"


def word(generator, size):
    return "".join(generator.choice(LETTERS) for _ in range(size))


def event(generator):
    """About 1.4 kB with 3.8 personal values, as in docs/performance.md; those in `payload` are what the Python peer looks into."""
    name = f"{word(generator, 6).title()} {word(generator, 8).title()}"
    mail = f"{word(generator, 7)}.{word(generator, 5)}@example.{generator.choice(('com', 'org', 'co.uk'))}"
    phone = f"+965{generator.choice('569')}{generator.randrange(10**7):07}"
    filler = " ".join(word(generator, generator.randrange(3, 10)) for _ in range(90))
    fields = [f'"@timestamp":"2026-03-{generator.randrange(10, 28)}T02:16:07.{generator.randrange(1000):03}Z"',
              f'"log.level":"info","service":{{"name":"pay","version":"7.13.{generator.randrange(30)}"}}',
              f'"trace.id":"{generator.getrandbits(128):032x}","order":{generator.randrange(10**9)}',
              f'"message":"receipt sent to {mail}, {filler}"',
              f'"http":{{"request":{{"method":"POST","headers":{{"user-agent":"okhttp/4.9","x-request-id":"{generator.getrandbits(64):016x}"}}}}}}',
              f'"payload":{{"amount":{generator.randrange(1000)}.5,"currency":"KWD","note":"{filler[:400]}","user":{{"name":"{name}","email":"{mail}"}}']
    if generator.random() < 0.8:
        fields[-1] += f',"contact":{{"phone":"{phone}"}}'
    return "{" + ",".join(fields) + "}}\n"


def make_file(path, megabytes):
    generator = random.Random(1)
    block = "".join(event(generator) for _ in range(700)).encode()
    with open(path, "wb") as out:
        left = megabytes * 1_000_000
        while left > 0:
            part = block if left >= len(block) else block[: block.rfind(b"\n", 0, max(left, 1)) + 1]
            if not part:
                break
            out.write(part)
            left -= len(part)
    return path.stat().st_size


def measure(command, path):
    """Wall and processor seconds and peak MiB of one run from the file to /dev/null."""
    peak = 0
    with open(path, "rb") as source, open(os.devnull, "wb") as sink:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=source, stdout=sink, stderr=subprocess.DEVNULL)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            # What wait4 tells of memory is also of the process it was forked from.
            with contextlib.suppress(OSError):
                lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
                peak = max([peak, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
            time.sleep(0.002)
        seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, seconds, peak / 1024


def ways_of(options, home):
    mask = ["env", f"PIICTL_HOME={home}", str(options.piictl.resolve()), "mask", "--quiet"]
    ways = {"cat": ["cat"], "wc -l": ["wc", "-l"], "piictl mask, 1 thread": [*mask, "--threads", "1"],
            "piictl mask, 2 threads": [*mask, "--threads", "2"], "piictl mask --profile ecsctx-fixed": [*mask, "--threads", "1", "--profile", "ecsctx-fixed"]}
    if shutil.which("rg"):
        ways["rg --replace (e-mail alone)"] = ["rg", "-N", "--passthru", "--replace", "X", PATTERN, "-"]
    ways["sed (e-mail alone)"] = ["sed", "-E", f"s/{PATTERN}/X/g"]
    if options.python:
        ways["ecsctx (Python)"] = [options.python, "-c", PEER, str(home / "token.json")]
    return ways


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("piictl", type=pathlib.Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100], help="of the files, in MB")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", help="one that has ecsctx")
    options = parser.parse_args()
    sizes = sorted(options.sizes)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        home = folder / "home"
        subprocess.run([str(options.piictl.resolve()), "init", "--quiet"], env={**os.environ, "PIICTL_HOME": str(home)},
                       stdout=subprocess.DEVNULL, check=True)
        per_byte = {}
        for size in sizes:
            path = folder / "events.ndjson"
            written = make_file(path, size)
            ways = ways_of(options, home)
            best = {}
            slow = {name for name in ways if size > 10 and (name.startswith("sed") or "Python" in name)}  # one run says enough
            for turn in range(options.rounds):
                for name, command in ways.items():
                    if name not in slow or turn == 0:
                        one = measure(command, path)
                        best[name] = tuple(map(min, best[name], one[:2])) + (max(best[name][2], one[2]),) if name in best else one
            ours = best["piictl mask, 1 thread"][0]
            print(f"\n{written / 1e6:.0f} MB, best of {options.rounds}")
            print(f"{'':36}{'GB a processor second':>23}{'GB/s':>8}{'mask 1 thread is':>18}{'peak MiB':>10}")
            for name, (processor, seconds, peak) in sorted(best.items(), key=lambda item: item[1][0]):
                speed = written / max(processor, 1e-6) / 1e9
                print(f"{name:36}{speed:23.3f}{written / seconds / 1e9:8.3f}{processor / ours:16.2f} x{peak:10.0f}")
            per_byte[size] = ours / written
        if len(sizes) > 1:
            first, last = sizes[1 if len(sizes) > 2 else 0], sizes[-1]
            print(f"\ncost of a byte, {last} MB / {first} MB: {per_byte[last] / per_byte[first]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
