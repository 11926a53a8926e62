# Training: jobs of a batch of grid points each, gathered into one table per experiment.

if "PLAN" not in globals():
    STEPS = ("train",)

    include: "common.smk"


rule train:
    input:
        PLAN.results("train"),


# One thread, which Snakemake tells OpenMP too: their number changes the last bits of a sum, and
# results must not depend on --cores. The age of the prepared data does not matter: its contents
# are in the fingerprint, and with them in the name of the table. What the job stores network by
# network is not declared, because Snakemake would delete it before the job starts.
rule train_batch:
    input:
        problem=ancient(PROBLEM),
    output:
        table=BATCH,
    benchmark:
        BENCHMARK
    priority: LONG
    threads: 1
    resources:
        gpu=config.get("gpu", 0),
    params:
        section=lambda wildcards: PLAN.jobs[wildcards.experiment].training(),
        batch=lambda wildcards: asdict(PLAN.jobs[wildcards.experiment].batch(wildcards.batch)),
    script:
        "../scripts/train.py"


rule collect:
    input:
        **given("train"),
        # Not ancient: what follows must not start from old tables while data is prepared anew.
        problem=PROBLEM,
        tables=lambda wildcards: jobs_of(wildcards.experiment).tables(),
    output:
        **made("train"),
    localrule: True
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("train", wildcards.experiment),
        batches=lambda wildcards: [
            asdict(batch) for batch in PLAN.jobs[wildcards.experiment].batches.values()
        ],
        fingerprint=lambda wildcards: jobs_of(wildcards.experiment).run().fingerprint,
    script:
        "../scripts/collect.py"
