"""Two-layer networks and their gradient flow, from neurons drawn to neurons trained.

To be read in this order: `equations/network` (the normalised equations), `start/neurons` (where
training begins), `exponential_step` (one step; its two passes over the neurons are
`equations/passes`, with `equations/gates` at the kinks and `origin` at w = 0), `gradient_flow`
(steps until training ends), `gradient_descent` (the authors' way), `trained` (networks set up and
trained, which is what all others call). `native/` compiles the passes and changes no result but
in its last digits.
"""
