"""Compare what is installed with published advisories: python .ci/audit.py PIP_AUDIT SITE_PACKAGES [OPTION…].

Exit status 1 only for a known weakness.  Where the advisories cannot be reached it says so and ends with 0:
pip-audit itself then says that there are no known weaknesses, having looked at nothing.
"""

import json
import subprocess
import sys

SECONDS = 120


def main() -> int:
    """Run pip-audit and judge its answer."""
    program, packages, *options = sys.argv[1:]
    command = [program, "--path", packages, "--format", "json", "--timeout", "5", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        found = json.loads(done.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError):
        found = []
    looked_at = [package for package in found if "skip_reason" not in package]
    if not looked_at:
        print("not audited: the advisories cannot be reached")
        return 0
    weak = [
        f"{package['name']} {package['version']}: {weakness['id']}, fixed in {', '.join(weakness['fix_versions']) or '-'}"
        for package in looked_at
        for weakness in package["vulns"]
    ]
    print(*weak, f"{len(looked_at)} packages, {len(weak)} known weaknesses", sep="\n")
    return bool(weak)


if __name__ == "__main__":
    sys.exit(main())
