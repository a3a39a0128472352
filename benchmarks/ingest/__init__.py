"""How quickly an upload is taken in, beside the least that any server would have to do."""
