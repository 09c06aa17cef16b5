"""What Unicode says and Python's ``unicodedata`` does not: read off Perl, which has every property.

    python -m tests.unicode_tables

prints the version of Unicode and the runs for ``archive/search/fold.py``.
"""

import subprocess
import sys

_SCRIPT = r"""
use Unicode::UCD;
print Unicode::UCD::UnicodeVersion(), "\n";
for my $code (grep { $_ < 0xD800 || $_ > 0xDFFF } 0 .. 0x10FFFF) {
    print "$code\n" if chr($code) =~ /\p{Default_Ignorable_Code_Point}/;
}
"""


def default_ignorable() -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the version of Unicode that Perl has, and first and last of each run of Default_Ignorable_Code_Point."""
    done = subprocess.run(["perl", "-e", _SCRIPT], capture_output=True, text=True, check=True)
    version, *codes = done.stdout.split()
    runs: list[tuple[int, int]] = []
    for code in map(int, codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return version, tuple(runs)


if __name__ == "__main__":
    version, runs = default_ignorable()
    sys.stdout.write(f"Unicode {version}\n{', '.join(f'(0x{a:X}, 0x{b:X})' for a, b in runs)}\n")
