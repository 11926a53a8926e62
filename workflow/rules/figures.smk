# Figures, drawn from tables alone.

if "PLAN" not in globals():

    include: "common.smk"


rule figures:
    input:
        expand((plan.PNG, plan.PDF), experiment=PLAN.experiments),


rule draw_phase_diagram:
    input:
        settings=plan.settings("figures"),
        slopes=plan.SLOPES,
        boundary=plan.BOUNDARY,
    output:
        png=plan.PNG,
        pdf=plan.PDF,
        made_from=plan.made_from("figures"),
    threads: 1
    params:
        section=lambda wildcards: PLAN.section("figures", wildcards.experiment),
        code=plan.code("figures"),
    script:
        "../scripts/figures.py"
