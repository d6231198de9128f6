"""Where assets are: coordinates in whatever form, repaired where that is certain, checked against their neighbours."""
