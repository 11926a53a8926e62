from phase_diagram.workflow.jobs import job

job.run("prepare", snakemake)  # noqa: F821
