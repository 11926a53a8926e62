# Prepared data: one problem per experiment.

if "PLAN" not in globals():
    STEPS = ("prepare",)

    include: "common.smk"


rule data:
    input:
        PLAN.results("prepare"),


# A checkpoint, because the folder of a sweep is named after what the prepared data contains.
checkpoint prepare:
    input:
        # The user's file lies where params.yaml says, whoever runs this.
        unpack(
            lambda wildcards: {
                name: local(path)
                for name, path in PLAN.inputs("prepare", wildcards.experiment).items()
            }
        ),
        **given("prepare"),
    output:
        **made("prepare"),
    priority: FIRST
    localrule: True
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("prepare", wildcards.experiment),
    script:
        "../scripts/prepare.py"
