# Figures of the experiments, drawn from tables alone.

if "PLAN" not in globals():
    STEPS = ("figures",)

    include: "common.smk"


rule figures:
    input:
        PLAN.results("figures"),


rule draw_experiment:
    input:
        **STAGES["figures"].inputs,
        **given("figures"),
    output:
        **made("figures"),
    localrule: True
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("figures", wildcards.experiment),
    script:
        "../scripts/figures.py"
