"""Children: asked to stop, killed if deaf, dead with their parent."""

import os
import signal
import subprocess
import sys
import time

import pytest

from portal.embedded.children import Child, Command, stop_all
from portal.embedded.supervisor import RunFailed, refuse_deaths, run_step

DEAF = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('prêt', flush=True); time.sleep(60)"
)


def is_alive(pid: int) -> bool:
    """False for a process that is gone, or dead and waiting to be read."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_polite_child_stops_at_once():
    child = Child(Command("dormeur", ["sleep", "60"]))
    child.stop()
    assert child.exit_code() == -signal.SIGTERM


def test_a_deaf_child_and_its_own_children_are_killed(tmp_path):
    log = tmp_path / "log"
    script = f'sleep 61 & echo $!; exec {sys.executable} -c "{DEAF}"'
    child = Child(Command("sourd", ["sh", "-c", script], grace_s=0.2, log=log))
    assert wait_for(lambda: "prêt" in log.read_text())
    grandchild = int(log.read_text().split()[0])
    stop_all([child])
    assert child.exit_code() == -signal.SIGKILL
    assert wait_for(lambda: not is_alive(grandchild))


def test_a_child_dies_with_a_parent_that_is_killed(tmp_path):
    script = (
        "from portal.embedded.children import Child, Command; import time\n"
        "print(Child(Command('dormeur', ['sleep', '60'])).process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    assert wait_for(lambda: not is_alive(pid))


def test_ctrl_c_of_the_terminal_does_not_reach_the_children():
    child = Child(Command("dormeur", ["sleep", "60"]))
    try:
        assert os.getsid(child.process.pid) == child.process.pid
    finally:
        child.stop()


def test_a_failed_step_shows_the_end_of_its_log(tmp_path):
    log = tmp_path / "etape.log"
    with pytest.raises(RunFailed) as refusal:
        run_step(Command("essai", ["sh", "-c", "echo avant; echo la cause; exit 3"], log=log))
    assert str(refusal.value) == f"L’étape « essai » a échoué.\nFin de {log} :\n  avant\n  la cause"


def test_a_dead_process_is_named_with_its_code(tmp_path):
    log = tmp_path / "mort.log"
    child = Child(Command("minuterie", ["sh", "-c", "echo plus de piles; exit 4"], log=log))
    child.process.wait()
    with pytest.raises(RunFailed) as refusal:
        refuse_deaths([child])
    assert str(refusal.value) == (
        "Le processus « minuterie » s’est arrêté (code 4) : le portail s’arrête avec lui."
        f"\nFin de {log} :\n  plus de piles"
    )
