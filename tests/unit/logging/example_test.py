"""Runs the example service and looks at what it logged: one trace over the hop, the job's ids, and nothing of a person."""

import json
import subprocess
import sys
import tempfile

SEEDS = ("ada@example.com", "Lovelace", "4929 1234 5678 9015", "203.0.113.7")


def main():
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run([sys.argv[1], file.name], check=False, capture_output=True, text=True, timeout=60)
        text = file.read().decode()
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" and done.stderr == "", "the log has one place"
    events = [json.loads(line) for line in text.splitlines()]
    assert [e["message"] for e in events] == ["order_received", "payment_processed", "payment_failed", "done"], text
    assert not [seed for seed in SEEDS if seed in text], text
    request, paid, failed, end = events
    trace = "0af7651916cd43dd8448eb211c80319c"
    assert {e["trace"]["id"] for e in (request, paid, failed)} == {trace}
    assert request["span"]["id"] == paid["span"]["id"] != failed["span"]["id"]
    assert request["user"]["id"] == 42 and request["merchant_id"] == "acme"
    assert failed["extra"]["job"] == {"id": "job-1", "name": "send_receipt", "attempt": 1}
    assert failed["error"]["type"] == "std::runtime_error" and "[PII_REDACTED]" in failed["error"]["message"]
    assert failed["user"]["id"] == 42, "the context travelled with the job"
    assert "trace" not in end, "nothing is bound any more"
    return 0


if __name__ == "__main__":
    sys.exit(main())
