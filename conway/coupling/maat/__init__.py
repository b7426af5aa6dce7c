"""Code Maat's analyses over the log of ``conway.history.codemaat``, in its order of rows."""
