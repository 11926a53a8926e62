# Training: jobs of a batch of grid points each, gathered into one table per experiment.

if "PLAN" not in globals():

    include: "common.smk"


rule train:
    input:
        expand(plan.SWEEP, experiment=PLAN.experiments),


# One thread, which Snakemake tells OpenMP too: their number changes the last bits of a sum, and
# results must not depend on --cores. The age of the prepared data does not matter: its contents are in the fingerprint, and with
# them in the name of the table. What the job stores network by network is not declared, because
# Snakemake would delete it before the job starts.
rule train_batch:
    input:
        problem=ancient(plan.PROBLEM),
    output:
        table=plan.BATCH,
    benchmark:
        plan.BENCHMARK
    threads: 1
    resources:
        gpu=config.get("gpu", 0),
    params:
        section=lambda wildcards: PLAN.section("train_batch", wildcards.experiment),
        batch=lambda wildcards: asdict(PLAN.batch(wildcards.experiment, wildcards.batch)),
        code=plan.code("train"),
    script:
        "../scripts/train.py"


rule collect:
    input:
        settings=plan.settings("train"),
        tables=lambda wildcards: PLAN.batch_tables(sweep_of(wildcards.experiment)),
    output:
        sweep=plan.SWEEP,
        made_from=plan.made_from("train"),
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("train", wildcards.experiment),
        batches=lambda wildcards: [
            asdict(batch) for batch in PLAN.batches(wildcards.experiment).values()
        ],
        fingerprint=lambda wildcards: sweep_of(wildcards.experiment).fingerprint,
        code=plan.code("train"),
    script:
        "../scripts/collect.py"
