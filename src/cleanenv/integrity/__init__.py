"""Whether the files of an environment are those that were installed; comparing and cloning environments."""
