"""Runs the generator of the ELK article: each level comes with messages of its own range, and the lines are its lines."""

import json
import pathlib
import subprocess
import sys
import tempfile

MESSAGES = ["Elvis has left the building.", "Elvis has two left feet.", "Elvis was left out in the cold.",
            "Elvis was left holding the baby.", "Elvis left the cake out in the rain.", "Elvis came out of left field.",
            "Elvis exited stage left.", "Elvis took a left turn.", "Elvis left no stone unturned.",
            "Elvis picked up where he left off.", "Elvis's train has left the station."]
LEVELS = {"info": MESSAGES[:5], "warning": MESSAGES[5:9], "error": MESSAGES[9:], "critical": MESSAGES[:1]}


def main():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.argv[1], "400", "0"], check=False, capture_output=True, text=True, timeout=60, cwd=folder)
        lines = (pathlib.Path(folder) / "elvis.json").read_text(encoding="utf-8").splitlines()
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Generating log entries...\n", done.stdout
    events = [json.loads(line) for line in lines]
    assert len(events) == 400
    seen = set()
    for event in events:
        assert event["message"] in LEVELS[event["log.level"]], event
        assert event["http"]["request"]["body"]["content"] == event["message"], event
        assert event["log.logger"] == "app" and event["log"]["origin"]["function"] == "main", event
        assert event["process"]["name"] == "pii_example_elvis"[:15] or event["process"]["name"] == "pii_example_elvis", event
        assert event["process"]["pid"] == event["process"]["thread"]["id"], event
        seen.add(event["log.level"])
    assert seen == set(LEVELS), seen  # 400 draws miss one of them once in 10^11 runs
    return 0


if __name__ == "__main__":
    sys.exit(main())
