"""Opens the page of `piictl scan --report` in headless Chromium: it shows the totals of the run, and hostile keys, values and
file names neither run nor leak, in the page, in the table or in messages.

usage: report_test.py PIICTL [SCREENSHOT.png]      Exit code 77: no Chromium here.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars")
ADDRESS = "leak.canary@example.com"
MARKUP = ("</script><script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">",
          "<!--<script>", "'\"><svg onload=document.title='owned'>")
ROW = re.compile(r'<tr class="(?:critical|high|medium|low)">')
ESCAPES = "\x1b]0;owned\x07\x1b[2Jkey\u202egnp.exe"


def hostile_events():
    for number, key in enumerate((*MARKUP, ESCAPES, ADDRESS, "plain")):
        yield {"n": number, "outer": {key: {"email": f"person{number}.canary@example.com"}}}
    yield {"payment": {"card": "5222 3334 4455 5664", "iban": "GB82WEST12345698765432", "cvv": "123"},
           "request": {"client": {"ip": "188.236.1.7"}}}


def run(command, **options):
    done = subprocess.run(command, capture_output=True, check=False, **options)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def browse(browser, page, folder, *flags):
    profile = tempfile.mkdtemp(dir=folder)
    command = [browser, *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()]
    code, out, _ = run(command, timeout=180, env={**os.environ, "HOME": str(folder)})
    if code != 0:
        print(f"{browser} does not start here (exit code {code}): not tested")
        sys.exit(SKIP)
    return out


def text_of(dom, element):
    match = re.search(rf'id="{element}"[^>]*>([^<]*)<', dom)
    return match.group(1) if match else None


def require(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def main():
    piictl = str(pathlib.Path(sys.argv[1]).resolve())
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PII")} | {"HOME": name}
        files = [f"<img src=x onerror=alert(1)> {ADDRESS}.ndjson", "esc\x1b[2J\u202e.ndjson", "plain.csv"]
        for file in files[:2]:
            (folder / file).write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in hostile_events()))
        (folder / files[2]).write_text("full_name,e-mail\nAda Lovelace,ada.canary@example.com\n")
        command = [piictl, "scan", *files, "--report", "report.html"]
        code, table, told = run(command, cwd=folder, env=environment)
        require(code == 0, f"scan ended with {code}: {told}")
        code, line, _ = run([*command, "--json"], cwd=folder, env=environment)
        require(code == 0, "scan --json failed")
        result = json.loads(line)
        values = sum(finding["count"] for finding in result["findings"])
        require(values >= 2 * (7 + 4) + 2, f"only {values} values were found: {line}")
        page = folder / "report.html"
        require(page.stat().st_mode & 0o777 == 0o600, "the page is open to others")
        source = page.read_text()
        for what, text in (("table", table), ("messages", told), ("json", line), ("page", source)):
            require(".canary@" not in text and "leak.canary" not in text, f"a value leaks into the {what}")
            require("5222" not in text.replace(" ", "") and "WEST1234" not in text, f"a number leaks into the {what}")
            shown = text.replace("\n", "") if what != "page" else ""
            require(not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown), f"the {what} steers a terminal")
        _, _, missing = run([piictl, "scan", f"{ADDRESS}\x1b[2J.log"], cwd=folder, env=environment)
        require("error: " in missing and ADDRESS not in missing and "\x1b" not in missing, f"a message leaks: {missing!r}")

        if browser is None:
            print("no Chromium here: the page was not opened")
            return SKIP
        dom = browse(browser, page, folder, "--virtual-time-budget=5000", "--dump-dom")
        require("<title>Personal data: a scan</title>" in dom, "a script of the data's ran")
        require(text_of(dom, "total-values") == f"{values:,}", "the total of values")
        require(text_of(dom, "total-places") == f"{len(result['findings']):,}", "the total of places")
        require(text_of(dom, "total-events") == f"{result['events']:,}", "the total of events")
        require(text_of(dom, "total-files") == f"{result['files']:,}", "the total of files")
        require(text_of(dom, "status") == f"{values:,} values at {len(result['findings']):,} places.",
                "the page's own script did not run")
        require(len(ROW.findall(dom)) == len(result["findings"]), "rows of the table")
        require("<img" not in dom and "<svg onload" not in dom and "<!--" not in dom, "data became markup")
        require(".canary@" not in dom, "a value leaks into what the browser shows")
        # A script of other bytes is refused by the page's own policy; without one the page is whole all the same.
        changed = folder / "changed.html"
        changed.write_text(source.replace("'use strict';", "document.title = 'owned';", 1))
        static = browse(browser, changed, folder, "--virtual-time-budget=5000", "--dump-dom")
        require("<title>Personal data: a scan</title>" in static, "the content security policy lets a foreign script run")
        require(text_of(static, "total-values") == f"{values:,}" and text_of(static, "status") == "", "the page without its script")
        require(len(ROW.findall(static)) == len(result["findings"]), "rows of the page without its script")
        if len(sys.argv) > 2:
            browse(browser, page, folder, "--window-size=1280,1500", f"--screenshot={pathlib.Path(sys.argv[2]).resolve()}")
        print(f"{values} values at {len(result['findings'])} places, shown by {pathlib.Path(browser).name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
