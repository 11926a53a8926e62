"""Two-layer networks and their training by gradient flow or gradient descent.

Read in this order: `equations/network` (the normalised equations), `start/neurons` (where
training begins), `exponential_step` (one step; its two passes over the neurons are
`equations/passes`, with `equations/gates` at the kinks and `origin` at w = 0), `gradient_flow`
(steps until training ends), `gradient_descent` (the authors' method), `trained` (sets networks up
and trains them; the rest of the package calls this). `native/` compiles the passes, which changes
results only in their last digits.
"""
