"""Write `caniemail.json` anew: `python -m kanfa.email.clients.update`. Needs npm; nothing else here ever does.

The package is fetched into a temporary folder and reduced: of each feature its title, the keys by which it is
recognised, and one letter for each client, that of the last version in the order of the file. That order is the
data's own; sorting versions by name gives another last one in every seventh cell. Note marks (`a #2`) are dropped.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kanfa.email.clients.names import keys_of

PACKAGE: Final = "caniemail"
VERSION: Final = "2.0.2"
SHA256: Final = "28121a5dac0eab0f405ff091af8408c2aa092e6ff22e3240c4e42388b7f403a4"
"""Of data/caniemail.json within the package; npm itself has compared the package with the registry's own hash."""
MEMBER: Final = "package/data/caniemail.json"
TARGET: Final = Path(__file__).with_name("caniemail.json")
LETTERS: Final = frozenset("yanu")
"""Supported, partly, not, unknown; a client without an entry is unknown too."""


def fetched(folder: Path) -> bytes:
    """The data of the pinned package. Raises ValueError when it is not the file that was looked at."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    with tarfile.open(folder / f"{PACKAGE}-{VERSION}.tgz") as archive:
        member = archive.extractfile(MEMBER)
        data = member.read() if member else b""
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{MEMBER} of {PACKAGE} {VERSION} is not the file this script knows")
    return data


def last_of(versions: Mapping[str, str]) -> str:
    """The letter of the last version in file order, without its note marks; `u` where there is none."""
    value = list(versions.values())[-1].split()[0] if versions else "u"
    if value not in LETTERS:
        raise ValueError(f"unknown support {value}")
    return value


def reduced(data: Mapping[str, Any]) -> dict[str, Any]:
    """The small table: date, clients with the names of family and platform, features in the order of their slugs."""
    features = sorted(data["data"], key=lambda feature: str(feature["slug"]))
    pairs = sorted(
        {(family, platform) for one in features for family in one["stats"] for platform in one["stats"][family]}
    )
    nice = data["nicenames"]
    return {
        "package": f"{PACKAGE} {VERSION}",
        "date": data["last_update_date"][:10],
        "clients": {
            f"{family}.{platform}": [nice["family"][family], nice["platform"][platform]] for family, platform in pairs
        },
        "features": {
            one["slug"]: [
                one["title"].strip(),
                list(keys_of(one["slug"], one["title"], one["category"])),
                "".join(last_of(one["stats"].get(family, {}).get(platform, {})) for family, platform in pairs),
            ]
            for one in features
        },
    }


def text_of(table: Mapping[str, Any]) -> str:
    """The table as JSON with one client and one feature a line, so that a comparison of two editions can be read."""
    lines = []
    for name, value in table.items():
        if isinstance(value, dict):
            rows = (f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=False)}" for key, row in value.items())
            lines.append(f"{json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n}")
        else:
            lines.append(f"{json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Fetch, reduce, write; the number of features goes to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        table = reduced(json.loads(fetched(Path(folder))))
    TARGET.write_text(text_of(table), encoding="utf-8")
    sys.stdout.write(
        f"{TARGET.name}: {len(table['features'])} features, {len(table['clients'])} clients, {table['date']}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
