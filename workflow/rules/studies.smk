# Studies: measurements for all figures other than the phase diagrams. One rule for each kind of
# which there is a study; the rules are alike.

if "PLAN" not in globals():
    STEPS = ("measure",)

    include: "common.smk"


rule studies:
    input:
        PLAN.results("measure"),


for kind, names in PLAN.studies.items():

    # One thread, as for training: most kinds train networks of their own.
    rule:
        name:
            f"measure_{kind}"
        input:
            unpack(lambda wildcards, kind=kind: PLAN.inputs(f"measure_{kind}", wildcards.study)),
            **given(f"measure_{kind}"),
        output:
            **made(f"measure_{kind}"),
        # What training took, where there was any. No output: a time differs between two runs.
        log:
            seconds=STUDY_SECONDS.format(kind=kind),
        wildcard_constraints:
            study="|".join(names),
        priority: LONG if "problem" in STAGES[f"measure_{kind}"].inputs else SHORT
        localrule: "problem" not in STAGES[f"measure_{kind}"].inputs
        threads: 1
        params:
            kind=kind,
            section=lambda wildcards, kind=kind: PLAN.section(f"measure_{kind}", wildcards.study),
        script:
            "../scripts/study.py"
