"""Is a network lazy or rich? Any torch.nn.Module, measured against its width (docs/probe.md).

To be read in this order: measure (`probe`, from networks to tables), factories, model and flow (how
a network is made, held and trained), result (tables, slopes, the verdict) and regimes.
"""
