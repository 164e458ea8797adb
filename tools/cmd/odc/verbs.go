package main

// verbs are all subcommands, in the order of the help.
func verbs() []verb {
	return []verb{
		verbNew(),
		verbFmt(),
		verbCheck(),
		verbList(),
		verbData(),
		verbSearch(),
		verbIndex(),
		verbBuild(),
		verbUp(),
		verbServe(),
		verbMunicipalExport(),
		verbPlan(),
		verbPublish(),
		verbRollback(),
		verbReleases(),
		verbStoreKeygen(),
		verbDocs(),
		verbBenchCorpus(),
		verbBenchBuild(),
		verbBenchSearch(),
	}
}
