"""Which imports of a project work only thanks to a leak, found without running anything."""
