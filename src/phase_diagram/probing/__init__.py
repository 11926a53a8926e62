"""Test whether any torch.nn.Module is lazy or rich as its width grows (docs/probe.md).

Read in this order: measure (`probe`, from networks to tables), factories, model and flow (how a
network is built, represented and trained), result (tables, slopes, the verdict) and regimes.
"""
