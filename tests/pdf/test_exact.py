"""The same issue gives the same bytes: in other processes, folders, time zones, languages, and on another day."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pdf_samples import PUBLICATION, small_issue

from kanfa.formats import UNDATED
from kanfa.pdf import FORMAT
from kanfa.pdf.engine import Job, Source, typeset
from kanfa.pdf.environment import check_environment

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

CLOCK = """
import datetime, os, time
_moment = 4102444800.5  # 1 January 2100
class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_moment, tz)
    @classmethod
    def utcnow(cls):
        return cls(2100, 1, 1)
    today = now
class _Date(datetime.date):
    @classmethod
    def today(cls):
        return cls(2100, 1, 1)
datetime.datetime, datetime.date = _Datetime, _Date
time.time = lambda: _moment
time.time_ns = lambda: int(_moment * 10**9)
_tuples = {name: getattr(time, name) for name in ("gmtime", "localtime")}
time.gmtime = lambda seconds=_moment: _tuples["gmtime"](seconds)
time.localtime = lambda seconds=_moment: _tuples["localtime"](seconds)
_shown = time.strftime
time.strftime = lambda form, given=None: _shown(form, given or time.localtime())
"""
"""Another day, for everything in Python that can be asked for the time."""

RENDER = """
import hashlib, sys
{clock}
from kanfa.pdf import worker
worker.BOOT = {boot!r} + worker.BOOT
from pdf_samples import PUBLICATION, full_issue
from kanfa.pdf import FORMAT
import datetime
data = FORMAT.render(full_issue(), PUBLICATION).files["issue.pdf"]
print(hashlib.sha256(data).hexdigest(), datetime.date.today().year)
"""


def elsewhere(folder: Path, clock: str = "", **environment: str) -> list[str]:
    """Hash of the sample as another process renders it, and the year that this process believes in."""
    # the worker, a process of its own, gets the same clock, told by the first lines that it runs
    boot = f"exec({clock!r})\n" if clock else ""
    code = RENDER.format(clock=clock, boot=boot)
    env = {name: value for name, value in os.environ.items() if name not in {"SOURCE_DATE_EPOCH", "TZ", "LANG"}}
    env |= {"PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])} | environment
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("clock", "environment"),
    [
        ("", {"TZ": "Asia/Shanghai", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        (CLOCK, {"TZ": "America/Los_Angeles", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "4294967295"}),
    ],
    ids=["today, Shanghai", "in 2100, Los Angeles"],
)
def test_another_process_folder_day_and_place_give_the_same_bytes(data, tmp_path, clock, environment):
    """The clock of the second run says 2100, in the command and in its worker."""
    digest, year = elsewhere(tmp_path, clock, **environment)
    assert digest == hashlib.sha256(data).hexdigest()
    assert (year == "2100") is bool(clock)


def test_the_file_names_no_day_but_the_issues_own(data):
    """Neither in its metadata nor in its fonts and attachments."""
    with pikepdf.Pdf.open(io.BytesIO(data)) as pdf:
        days = {
            str(value)[:10]
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
            for name, value in item.items()
            if name in {"/CreationDate", "/ModDate"}
        }
        assert days == {"D:20190702"}
        assert b"2019-07-02" in pdf.Root.Metadata.read_bytes()


def test_an_undated_issue_has_the_date_that_all_formats_share():
    """Its attachments need one; the metadata go without."""
    issue = replace(small_issue(source="# 小样\n"), date=None)
    data = FORMAT.render(issue, PUBLICATION).files["issue.pdf"]
    with pikepdf.Pdf.open(io.BytesIO(data)) as pdf:
        specs = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/EF" in item]
        assert len(specs) == 2
        assert {str(spec.EF.F.Params.ModDate)[:10] for spec in specs} == {f"D:{UNDATED:%Y%m%d}"}
        assert "/CreationDate" not in pdf.docinfo


def test_two_renders_in_a_row_share_nothing():
    """What one render leaves behind does not show in the next; another issue in between changes nothing."""
    check_environment(PUBLICATION)
    source = Source("a.md", "# 甲\n", "Markdown", datetime.date(2020, 2, 29))
    first = Job("<html lang='zh'><title>甲</title><h1>甲</h1>", "h1{font-family:'Noto Sans SC'}", sources=(source,))
    other = Job("<html lang='zh'><title>乙</title><h1>乙乙</h1>", "h1{font-family:'Noto Emoji';color:red}")
    before = typeset(first).data
    typeset(other)
    assert typeset(first).data == before


def identifier(data: bytes) -> bytes:
    """What tells one file from another (ISO 32000-1, 14.4)."""
    with pikepdf.Pdf.open(io.BytesIO(data)) as pdf:
        return bytes(pdf.trailer.ID[0])


def test_the_identifier_is_made_from_the_content(data):
    """Two issues have two; chance and clock have no part in it."""
    other = FORMAT.render(small_issue(), PUBLICATION).files["issue.pdf"]
    assert identifier(data) != identifier(other)
    assert identifier(other) == identifier(FORMAT.render(small_issue(), PUBLICATION).files["issue.pdf"])
