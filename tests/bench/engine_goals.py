"""Runs bench_engine with its benchmarks interleaved and compares each with its floor or peer of the same run.

    python3 tests/bench/engine_goals.py build/bench/tests/bench/bench_engine
"""

import argparse
import json
import statistics
import subprocess
import sys

# What it is, ours, beside, and the most that their ratio may be: of medians, but for the snapshot, of the fastest repetitions. A
# read is four cycles and writes nothing; what other programs take of one of two cores is more than the difference looked for.
GOALS = [
    ("tokenize one / two SHA256_Transform", "tokenize_into", "floor_two_sha256_transforms", 1.55),
    ("tokenize one / EVP_MAC with a new context", "tokenize_into", "peer_evp_mac_new_context", 1 / 6),
    ("tokenize batch / two SHA256_Transform", "tokenize_batch/1024", "floor_two_sha256_transforms", 0.50),
    ("protect 22 bytes / bare EVP encrypt", "protect_into", "floor_evp_encrypt_with_iv_only", 1.35),
    ("reveal 22 bytes / bare EVP decrypt", "reveal_into", "floor_evp_decrypt_with_iv_only", 1.35),
    ("snapshot, two threads / one", "keyset_snapshot/threads:2", "keyset_snapshot/threads:1", 1.20),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--sha-ni-only", action="store_true", help="the batch goal of a processor without AVX-512: 0.75")
    arguments = parser.parse_args()
    done = subprocess.run(
        [arguments.program, "--benchmark_format=json", f"--benchmark_repetitions={arguments.repetitions}",
         "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.05"], capture_output=True, text=True, check=True)
    times = {}
    for row in json.loads(done.stdout)["benchmarks"]:
        if row["run_type"] == "iteration":
            times.setdefault(row["run_name"], []).append(row["cpu_time"])
    median = {name: statistics.median(each) for name, each in times.items()}
    for name, each in times.items():
        print(f"{median[name]:9.1f} ns, at best {min(each):9.1f}  {name}")
    print()
    missed = 0
    for name, ours, beside, limit in GOALS:
        if ours.startswith("tokenize_batch") and arguments.sha_ni_only:
            limit = 0.75
        if ours.startswith("keyset_snapshot"):
            ratio = min(times[ours]) / min(times[beside])
        else:
            ratio = median[ours] / median[beside]
        missed += ratio > limit
        print(f"{'ok  ' if ratio <= limit else 'MISS'} {ratio:6.3f} (goal {limit:.3f})  {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
