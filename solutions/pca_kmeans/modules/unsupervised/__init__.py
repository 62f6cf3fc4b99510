"""PCA and k-means in NumPy; the notebook says what is to be written."""
