# %% [markdown]
# # [[= assignment.title ]]
#
# Features of different scale make gradient descent slow. Here you bring them to one scale, and work
# out the gradient that descent follows. There are [[= total_points ]] points.

# %% demo=true
# [[= first_cell ]]

# %%
# %load_ext autoreload
# %autoreload 2
import numpy as np
from exercise.expect import expect_close
from exercise.hand_in import check_and_zip
from exercise.scaling import standardise
from written import expect_form

# %% [markdown]
# # 1. Standardise
#
# **Write `standardise` in `exercise/scaling.py`** ([[= points.standardise ]] points). From each
# column of $X$ subtract its mean, and divide by its standard deviation
#
# $$s_j = \sqrt{\tfrac{1}{n} \sum_{i=1}^{n} (X_{ij} - m_j)^2}.$$
#
# A column in which all entries are equal becomes a column of zeros.

# %% check="standardise"
X = np.array([[1.0, 10.0], [3.0, 30.0]])
expect_close("standardise(X)", standardise(X), [[-1.0, -1.0], [1.0, 1.0]])

# %% [markdown]
# # 2. The gradient
#
# Let $X$ be $n \times d$, $y$ of length $n$ and $w$ of length $d$, and
#
# $$f(w) = \|Xw - y\|^2.$$
#
# **Write the gradient of $f$** ([[= points.loss_gradient ]] points). The last displayed formula is
# your answer; every form that is equal to the right one is right.

# %%
### BEGIN SOLUTION loss_gradient
### STUB loss_gradient = ...  # TODO(loss_gradient)
loss_gradient = r"""
By the chain rule,

$$\nabla f(w) = 2 X^\top (Xw - y)$$
"""
### END SOLUTION

# %% check="loss_gradient"
expect_form("loss_gradient", loss_gradient)

# %% [markdown]
# # 3. In words
#
# **Why does gradient descent get along faster on standardised features?** Two or three sentences.

# %% [markdown] manual="why_scale" points=2
# ### BEGIN SOLUTION why_scale
# ### STUB *Write your answer here, in place of this line. TODO(why_scale)*
# One learning rate has to serve all directions. Where one feature has a much larger scale, the loss
# is steep along its weight and flat along the others: steps small enough for the steep direction
# take very long in the flat ones. With equal scales the condition number is smaller.
# ### END SOLUTION

# %% [markdown]
# # Hand in
#
# Save the notebook, then run this cell. It names what is still open and packs `submission.zip`.

# %% demo=true
_ = check_and_zip("submission.zip")
