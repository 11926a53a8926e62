"""A real SLURM of one machine, in a folder of its own and with ports of its own.

It needs no root, reads nothing of an installed cluster's configuration and writes none: all
commands find theirs by SLURM_CONF.
"""

import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DAEMONS = Path(__file__).with_name("slurm_daemons.py")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scancel", "squeue", "sinfo")
# Where distributions put daemons, which is not on everybody's PATH.
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
PATIENCE = 60.0

# A job starts at once, also one that is begun again because its node was lost (cred_expire).
# The GPU is one that SLURM believes in: it gives it to jobs that ask, and nothing else.
CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthInfo=socket={folder}/munge/socket,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
MailProg=/bin/true
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdSpoolDir={folder}/spool
StateSaveLocation={folder}/state
SlurmctldLogFile={folder}/log/slurmctld
SlurmdLogFile={folder}/log/slurmd
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=0,batch_sched_delay=0
SlurmdTimeout=60
ReturnToService=2
GresTypes=gpu
{node} NodeAddr=127.0.0.1 Gres=gpu:1
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

# In front of the real ones. Snakemake's plugin takes SLURM_CONF from the environment of the srun
# that it starts inside a job, where an installed cluster has its configuration in /etc.
WRAPPERS = {
    "sbatch": 'printf "%s\\n" "$*" >> {folder}/submissions\nexec {program} "$@"\n',
    "srun": 'SLURM_CONF={folder}/slurm.conf exec {program} "$@"\n',
}


def missing_programs() -> list[str]:
    """Name what is needed and not installed."""
    return [program for program in PROGRAMS if shutil.which(program, path=_path()) is None]


@dataclass
class Job:
    """What the controller knows of a job."""

    state: str
    comment: str


class Cluster:
    """A running cluster.

    Parameters
    ----------
    folder : pathlib.Path
        Its files.
    daemons : subprocess.Popen
        Of slurm_daemons.py.
    """

    def __init__(self, folder: Path, daemons: "subprocess.Popen[str]") -> None:
        self.folder = folder
        self.daemons = daemons
        self.environment = _environment(folder)

    def run(self, *command: str) -> str:
        """Run one of SLURM's commands."""
        return subprocess.run(
            command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=True,
        ).stdout

    def jobs(self) -> dict[int, Job]:
        """Give all jobs since the cluster was started, by their numbers."""
        listed = self.run("squeue", "--states=all", "--noheader", "--format=%i|%T|%k")
        rows = [line.split("|", 2) for line in listed.splitlines()]
        return {int(number): Job(state, comment) for number, state, comment in rows}

    def details(self, number: int) -> str:
        """Give all that the controller knows of a job."""
        return self.run("scontrol", "show", "job", str(number))

    def submissions(self) -> list[str]:
        """Give the command lines of sbatch since the cluster was started."""
        path = self.folder / "submissions"
        return path.read_text().splitlines() if path.exists() else []

    def act(self, action: str) -> None:
        """Do one of the actions of slurm_daemons.py."""
        assert self.daemons.stdin is not None and self.daemons.stdout is not None
        self.daemons.stdin.write(f"{action}\n")
        self.daemons.stdin.flush()
        assert self.daemons.stdout.readline() == "done\n", f"{action}: the daemons are gone"

    def wait_until_idle(self) -> None:
        """Wait until the node takes jobs and has none."""
        try:
            wait(lambda: self.run("sinfo", "--noheader", "--format=%T").strip() == "idle")
        except (AssertionError, subprocess.CalledProcessError) as error:
            logs = sorted((self.folder / "log").iterdir())
            text = "\n".join(f"{log.name}:\n{log.read_text()[-2000:]}" for log in logs)
            raise AssertionError(f"no idle node within {PATIENCE:g} s\n{text}") from error


def wait(reached: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for a condition, but not for ever."""
    deadline = time.monotonic() + patience
    while not reached():
        assert time.monotonic() < deadline, f"waited {patience:g} s in vain"
        time.sleep(0.2)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster, and end it with every process that it has started."""
    # Not in a folder of pytest's: the name of a socket may not be longer than 107 bytes.
    with tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        _write_files(folder)
        daemons = subprocess.Popen(
            [sys.executable, str(DAEMONS), str(folder)],
            env=os.environ | _environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests
        )
        try:
            cluster = Cluster(folder, daemons)
            wait(lambda: _answers(cluster))
            cluster.wait_until_idle()
            yield cluster
        finally:
            assert daemons.stdin is not None
            daemons.stdin.close()
            daemons.wait(PATIENCE)


def _path() -> str:
    return os.pathsep.join((os.environ["PATH"], *SYSTEM_FOLDERS))


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.pathsep.join((str(folder / "bin"), _path())),
        "SLURM_CONF": str(folder / "slurm.conf"),
    }


def _write_files(folder: Path) -> None:
    for name in ("munge", "state", "spool", "log", "bin"):
        (folder / name).mkdir(mode=0o755)
    key = folder / "munge/key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(1024))
    # The node as slurmd sees it: its name, processors and memory.
    node = subprocess.run(
        ["slurmd", "-C"],
        env=os.environ | {"PATH": _path()},
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=True,
    ).stdout.splitlines()[0]
    host = node.split()[0].removeprefix("NodeName=")
    controller_port, node_port = _free_ports(2)
    (folder / "slurm.conf").write_text(
        CONFIGURATION.format(
            host=host,
            node=node,
            user=pwd.getpwuid(os.getuid()).pw_name,
            folder=folder,
            controller_port=controller_port,
            node_port=node_port,
        )
    )
    (folder / "gres.conf").write_text(f"NodeName={host} Name=gpu File=/dev/null\n")
    for name, text in WRAPPERS.items():
        program = shutil.which(name, path=_path())
        assert program is not None
        wrapper = folder / "bin" / name
        wrapper.write_text("#!/bin/sh\n" + text.format(folder=folder, program=shlex.quote(program)))
        wrapper.chmod(0o755)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.run("scontrol", "ping")
    except subprocess.CalledProcessError:
        assert cluster.daemons.poll() is None, "the daemons ended at once"
        return False
    return True
