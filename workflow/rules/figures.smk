# Figures of the experiments, drawn from tables alone.

if "PLAN" not in globals():

    include: "common.smk"


rule figures:
    input:
        PLAN.results("figures"),


rule draw_experiment:
    input:
        **STAGES["figures"].inputs,
        settings=STAGES["figures"].settings,
    output:
        **reported("figures"),
    localrule: True
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("figures", wildcards.experiment),
        code=plan.code("figures"),
    script:
        "../scripts/figures.py"
