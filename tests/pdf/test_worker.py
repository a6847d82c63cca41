"""The worker process: same bytes, warm, killed when it must be, never left behind, and silent."""

from __future__ import annotations

import io
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pdf_samples import PUBLICATION, full_issue
from PIL import Image as Pillow

from kanfa.errors import EnvironmentProblem, RenderError
from kanfa.pdf import FORMAT, child, worker
from kanfa.pdf.engine import Job, typeset
from kanfa.pdf.environment import check_environment, cure, fonts_configuration
from kanfa.pdf.fetcher import Picture
from kanfa.pdf.limits import ENGINE
from kanfa.pdf.worker import SECONDS, Workshop, seconds_allowed, workshop

FONTS = fonts_configuration(PUBLICATION)
PAGE = Job("<html lang='zh'><title>页</title><p>好", "p{font-family:'Noto Sans SC'}")
ENDLESS = Job("<html lang='zh'><title>页</title><p>长", "p::after{content:'" + "x" * 1_900_000 + "'}")
ROOT = Path(worker.__file__).resolve().parents[2]
CALLER = """
import sys
from kanfa.pdf import worker
from kanfa.pdf.engine import Job
from kanfa.pdf.environment import fonts_configuration
from kanfa.publication import Publication
fonts = fonts_configuration(Publication())
shop = worker.workshop()
page = Job("<html lang='zh'><title>t</title><p>好", "")
print(len(shop.typeset(page, fonts).data), shop.pid, flush=True)
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    """A workshop beside that of the process, for all tests of this file."""
    made = Workshop()
    yield made
    made.close()


def gone(pid: int, seconds: float = 10) -> bool:
    """Whether the process ends within a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":  # dead, and its parent, some init, has not looked yet
            return True
        threading.Event().wait(0.02)
    return False


def caller(code: str, *options: str, feed: str | None = None) -> subprocess.Popen[str]:
    """A process that renders one page, prints its length and the worker's number, then goes on with `code`."""
    return subprocess.Popen(
        [sys.executable, *(options or ("-c", CALLER + code))],
        stdin=subprocess.PIPE if feed is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def test_the_worker_gives_the_bytes_of_this_process(shop):
    """Which process sets the pages cannot be seen in the file."""
    check_environment(PUBLICATION)
    assert shop.typeset(PAGE, FONTS).data == typeset(PAGE).data


def test_one_worker_serves_all_renders_of_a_process():
    """It stays warm; preview, rebuild and tests wait for its start only once."""
    pids = []
    for _ in range(3):
        FORMAT.render(full_issue(), PUBLICATION)
        pids.append(workshop().pid)
    assert None not in pids
    # a worker that other tests have kept busy may be due for replacement in between, but only once
    assert pids[0] == pids[1] or pids[1] == pids[2]


def test_log_records_come_back_as_the_engine_made_them(shop):
    """Template and arguments, so that findings name a missing character and its code point."""
    job = replace(PAGE, html=PAGE.html + "\U00020bb7", css=PAGE.css + "p{no-such:1}")
    check_environment(PUBLICATION)
    found = [(record.levelno, record.msg, record.args) for record in shop.typeset(job, FONTS).records]
    assert found == [(one.levelno, one.msg, one.args) for one in typeset(job).records]
    assert any("\U00020bb7" in str(args) for _, _, args in found)


def test_a_record_that_json_does_not_know_is_passed_on_as_its_words():
    """Some arguments are exceptions or whole addresses."""
    record = logging.LogRecord("weasyprint", logging.ERROR, "", 1, "failed at %r: %s", ("u", ValueError("x")), None)
    assert child.plain(record)["msg"] == "failed at 'u': x"
    record = logging.LogRecord("weasyprint", logging.ERROR, "", 1, "%s", ("u" * 1_000_000,), None)
    assert len(child.plain(record)["msg"]) == child.LONGEST


def test_an_endless_render_is_stopped_and_the_next_one_works(shop):
    """The message says what to do; the worker that hung is gone."""
    shop.typeset(PAGE, FONTS)
    first = shop.pid
    with pytest.raises(RenderError, match=r"not ready after 0\.5 seconds; shorten the issue or mend the template"):
        shop.typeset(ENDLESS, FONTS, 0.5)
    assert shop.pid is None
    assert gone(first)
    assert shop.typeset(PAGE, FONTS).data[:5] == b"%PDF-"


def test_a_worker_that_dies_is_an_error_with_its_signal_and_the_next_one_works(shop):
    """A crash in a library is no crash of the command."""
    shop.typeset(PAGE, FONTS)
    threading.Timer(0.3, os.kill, (shop.pid, signal.SIGSEGV)).start()
    with pytest.raises(
        RenderError, match="SIGSEGV: a picture or a font is damaged, or the issue needs too much memory"
    ):
        shop.typeset(ENDLESS, FONTS, 20)
    assert shop.typeset(PAGE, FONTS).data[:5] == b"%PDF-"


def test_a_worker_that_died_between_two_renders_is_replaced_in_silence(shop):
    """The kernel takes the largest idle process first."""
    shop.typeset(PAGE, FONTS)
    os.kill(shop.pid, signal.SIGKILL)
    assert gone(shop.pid)
    assert shop.typeset(PAGE, FONTS).data[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (Job("<html>" + "<div>" * 125, ""), "nested too deep"),
        (Job("<html><img src='file:///etc/hostname'>", ""), "asks for what the issue does not have"),
        (Job("<html><p>x", ":is(" * 900 + "p" + ")" * 900 + "{color:red}"), "RecursionError"),
    ],
)
def test_what_ends_a_job_does_not_end_the_worker(shop, job, words):
    """Limits, refused addresses (a BaseException) and an exhausted stack alike."""
    shop.typeset(PAGE, FONTS)
    first = shop.pid
    with pytest.raises(RenderError, match=words):
        shop.typeset(job, FONTS)
    assert shop.typeset(PAGE, FONTS).data[:5] == b"%PDF-"
    assert shop.pid == first


def test_too_much_memory_is_a_render_error():
    """Whether Python notices or a library gives up."""
    file = io.BytesIO()
    Pillow.new("RGB", (8_000, 8_000)).save(file, "PNG")
    picture = Picture("image/png", file.getvalue())
    job = Job("<html lang='zh'><title>页</title><img src='asset:a.png' alt='大'>", "", {"a.png": picture})
    shop = Workshop(replace(ENGINE, memory=450_000_000))
    try:
        with pytest.raises(RenderError, match=r"too large|memory"):
            shop.typeset(job, FONTS, 60)
    finally:
        shop.close()


def test_a_worker_is_replaced_after_its_share_of_renders():
    """Its libraries leak a little; the successor gets ready at once."""
    shop = Workshop(replace(ENGINE, renders=2))
    try:
        shop.typeset(PAGE, FONTS)
        first = shop.pid
        shop.typeset(PAGE, FONTS)
        assert first is not None
        assert shop.pid not in {None, first}
        assert gone(first)
    finally:
        shop.close()


def test_a_worker_that_has_grown_is_not_kept():
    """One issue with huge pictures must not hold its memory for the rest of the day."""
    shop = Workshop(replace(ENGINE, resting_memory=1))
    shop.typeset(PAGE, FONTS)
    assert shop.pid is None


def test_threads_share_one_worker(shop):
    """Prefect runs its tasks on threads; the renders wait for each other."""
    sizes: list[int] = []
    threads = [threading.Thread(target=lambda: sizes.append(len(shop.typeset(PAGE, FONTS).data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sizes) == 4
    assert len(set(sizes)) == 1


def test_a_thread_that_started_the_worker_may_end(shop):
    """The worker belongs to the process, not to the thread."""
    thread = threading.Thread(target=shop.typeset, args=(PAGE, FONTS))
    thread.start()
    thread.join()
    first = shop.pid
    shop.typeset(PAGE, FONTS)
    assert shop.pid == first


@pytest.mark.parametrize("way", ["-c", "-"])
def test_it_works_without_a_main_module_and_says_nothing(way):
    """From `python -c` and from standard input; nothing of the worker reaches the command's own streams."""
    process = caller("", feed=CALLER) if way == "-c" else caller("", "-", feed=CALLER)
    out, err = process.communicate(CALLER if way == "-" else None, timeout=60)
    assert process.returncode == 0, err
    assert err == ""
    size, pid = map(int, out.split())
    assert size > 1000
    assert gone(pid)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_worker_ends_with_its_parent(how):
    """Even when the parent is killed and cannot say goodbye."""
    with caller("import time; time.sleep(60)") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline().split()[1])
        process.send_signal(how)
        process.wait(timeout=10)
        assert gone(pid)


def test_the_worker_ends_with_its_parent_in_the_middle_of_a_render():
    """It is not asked before it has finished."""
    busy = "shop.typeset(Job('<html><p>x', \"p::after{content:'\" + 'x' * 1_900_000 + \"'}\"), fonts)"
    with caller(busy) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline().split()[1])
        process.kill()
        process.wait(timeout=10)
        assert gone(pid)


def test_ctrl_c_ends_both():
    """The terminal sends it to both; the parent ends as Python does, the worker without a word."""
    busy = "shop.typeset(Job('<html><p>x', \"p::after{content:'\" + 'x' * 1_900_000 + \"'}\"), fonts)"
    with caller(busy) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline().split()[1])
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
        assert process.returncode != 0
        assert "KeyboardInterrupt" in err
        assert gone(pid)


def test_the_worker_gets_no_secret(monkeypatch, shop):
    """Hostile input and the password of the mail server do not meet."""
    monkeypatch.setenv("KANFA_SMTP_PASSWORD", "geheim")
    shop.close()
    shop.typeset(PAGE, FONTS)
    given = Path(f"/proc/{shop.pid}/environ").read_bytes()
    assert b"geheim" not in given
    assert b"TZ=UTC" in given


def test_a_forked_copy_gets_a_worker_of_its_own(shop):
    """It must neither talk to its parent's worker nor kill it."""
    shop.typeset(PAGE, FONTS)
    first = shop.pid
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            data = shop.typeset(PAGE, FONTS).data
            os.write(write, pickle.dumps((len(data), shop.pid)))
            shop.close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    size, other = pickle.loads(os.read(read, 1000))
    os.close(read)
    os.close(write)
    assert other != first
    assert len(shop.typeset(PAGE, FONTS).data) == size
    assert shop.pid == first


def test_a_worker_that_cannot_start_names_the_cure(monkeypatch):
    """One line, not a time-out."""
    monkeypatch.setattr(worker, "BOOT", "raise SystemExit(3)")
    with pytest.raises(EnvironmentProblem, match=r"could not be started \(status 3\)\n    cure: kanfa doctor"):
        Workshop().typeset(PAGE, FONTS)


def test_a_machine_without_the_subsetter_is_told_so_by_the_worker(monkeypatch):
    """One line with the cure, instead of minutes and other bytes on every run."""
    hide = """
import cffi
given = cffi.FFI.dlopen
def dlopen(ffi, name, *flags):
    if "harfbuzz-subset" in str(name):
        raise OSError(name)
    return given(ffi, name, *flags)
cffi.FFI.dlopen = dlopen
"""
    monkeypatch.setattr(worker, "BOOT", f"import sys; sys.path[:] = sys.argv[3:]; exec({hide!r})\n" + worker.BOOT)
    shop = Workshop()
    for _ in range(2):
        with pytest.raises(EnvironmentProblem, match="libharfbuzz-subset is missing") as problem:
            shop.typeset(PAGE, FONTS)
        assert problem.value.cure == cure()
        assert "\n" not in str(problem.value.args[0])
    assert shop.pid is None


def test_a_worker_leaves_no_files(tmp_path, monkeypatch):
    """Neither one that is closed nor one whose parent was killed."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with caller("import time; time.sleep(60)") as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline().split()[1])
        assert [path.name.startswith("kanfa-pdf-") for path in tmp_path.iterdir()] == [True]
        process.kill()
        process.wait(timeout=10)
        assert gone(pid)
    assert list(tmp_path.iterdir()) == []
    with caller("") as process:
        process.communicate(timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_a_slow_machine_may_take_longer(monkeypatch):
    """Seconds from the environment; rubbish is refused by name."""
    assert seconds_allowed() == ENGINE.seconds
    monkeypatch.setenv(SECONDS, "7.5")
    assert seconds_allowed() == 7.5
    for rubbish in ("x", "-1", "0", "nan"):
        monkeypatch.setenv(SECONDS, rubbish)
        with pytest.raises(EnvironmentProblem, match=f"{SECONDS} is “{rubbish}”"):
            seconds_allowed()
