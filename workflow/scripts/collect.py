from phase_diagram.workflow.jobs import job

job.run("collect", snakemake)  # noqa: F821
