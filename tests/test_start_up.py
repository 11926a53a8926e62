"""What is light stays light. Contracts in pyproject.toml hold most of it (`make lint`).

Left for a test is what is imported late, inside of functions, which a contract takes for imported.
"""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
import phase_diagram
from phase_diagram.cli.main import main
commands = ["--help"], ["locate", "--name", "ntk", "--width", "100"], ["check", "params.yaml"]
assert [main(command) for command in commands] == [0, 0, 0]
import phase_diagram.workflow.plan  # what Snakemake reads before it asks for any job
heavy = {"torch", "pandas", "scipy", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""


def test_light_commands_and_planning_import_nothing_heavy():
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=Path(__file__).parents[1], check=True)
