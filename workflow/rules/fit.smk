# Slopes, boundary and their summary.

if "PLAN" not in globals():
    STEPS = ("fit",)

    include: "common.smk"


rule fits:
    input:
        PLAN.results("fit"),


rule fit:
    input:
        **STAGES["fit"].inputs,
        **given("fit"),
    output:
        **made("fit"),
    localrule: True
    threads: 1
    script:
        "../scripts/fit.py"
