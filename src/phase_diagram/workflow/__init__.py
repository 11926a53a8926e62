"""The workflow's stages, jobs and records, independent of Snakemake."""
