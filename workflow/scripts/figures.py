from phase_diagram.workflow.jobs import job

job.run("figures", snakemake)  # noqa: F821
