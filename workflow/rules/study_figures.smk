# Figures of the studies, drawn from tables alone.

if "PLAN" not in globals():
    STEPS = ("draw",)

    include: "common.smk"


rule study_figures:
    input:
        PLAN.results("draw"),


for kind, names in PLAN.studies.items():

    rule:
        name:
            f"draw_{kind}"
        input:
            **STAGES[f"draw_{kind}"].inputs,
            **given(f"draw_{kind}"),
        output:
            **made(f"draw_{kind}"),
        wildcard_constraints:
            study="|".join(names),
        localrule: True
        threads: 1
        params:
            kind=kind,
            section=lambda wildcards, kind=kind: PLAN.section(f"draw_{kind}", wildcards.study),
        script:
            "../scripts/draw_study.py"
