package main

// verbs are all subcommands, in the order of the help.
func verbs() []verb {
	return []verb{
		verbFmt(),
		verbCheck(),
		verbSearch(),
		verbIndex(),
		verbServe(),
		verbMunicipalExport(),
	}
}
