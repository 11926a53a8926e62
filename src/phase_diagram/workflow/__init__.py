"""What decides which job makes what; knows no Snakemake."""
