"""The files of a SLURM of one machine, and where its programs are found.

Nothing is read of an installed cluster's configuration, and none is written: all commands find
theirs by SLURM_CONF.
"""

import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
from pathlib import Path

PROGRAMS = (
    *("munged", "slurmctld", "slurmd"),
    *("sbatch", "srun", "scancel", "squeue", "sinfo", "scontrol"),
)
# Where distributions put daemons, which is not on everybody's PATH.
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")

# A job starts at once.
CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser={user}
SlurmdUser={user}
AuthInfo=socket={folder}/munge/socket
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
{node} NodeAddr=127.0.0.1
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
    return [program for program in PROGRAMS if shutil.which(program, path=program_path()) is None]


def program_path() -> str:
    """Give the PATH that has SLURM's programs."""
    return os.pathsep.join((os.environ["PATH"], *SYSTEM_FOLDERS))


def environment(folder: Path) -> dict[str, str]:
    """Give what leads all commands to the cluster of a folder."""
    return {
        "PATH": os.pathsep.join((str(folder / "bin"), program_path())),
        "SLURM_CONF": str(folder / "slurm.conf"),
    }


def write_files(folder: Path) -> None:
    """Write all that the daemons need, for this machine as it is."""
    for name in ("munge", "state", "spool", "log", "bin"):
        (folder / name).mkdir(mode=0o755)
    key = folder / "munge/key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(1024))
    # The node as slurmd sees it: its name, processors and memory.
    node = subprocess.run(
        ["slurmd", "-C"],
        env=os.environ | {"PATH": program_path()},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
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
    for name, text in WRAPPERS.items():
        program = shutil.which(name, path=program_path())
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
