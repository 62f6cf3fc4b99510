"""What every model has: a network `net`, and the two directions through it."""


class Module:
    """The base of all models. A model's ``__init__`` builds ``self.net``, a `sequential`."""

    net = None

    def forward(self, feat, is_training=True, seed=None):
        """Scores of a batch; see `sequential.forward`."""
        return self.net.forward(feat, is_training, seed)

    def backward(self, dprev, regularization="none", reg_lambda=0.0):
        """Fill the gradients of all parameters, those of the regulariser included.

        Parameters
        ----------
        dprev : array of the shape of the scores
        regularization : "none", "l1" or "l2"
        reg_lambda : float

        Returns
        -------
        din : array of the shape of the batch
            Without the regulariser, which does not depend on the batch.
        """
        din = self.net.backward(dprev)
        if regularization == "l1":
            self.net.apply_l1_regularization(reg_lambda)
        elif regularization == "l2":
            self.net.apply_l2_regularization(reg_lambda)
        elif regularization != "none":
            raise ValueError(f'regularization={regularization!r}: use "none", "l1" or "l2"')
        return din
