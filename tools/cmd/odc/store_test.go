package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"opendata.example/odc/tools/internal/store/storetest"
)

// TestScriptsOnS3 runs testdata/s3/*.txtar against a real S3 server; $S3 is the address of its bucket.
func TestScriptsOnS3(t *testing.T) {
	server := storetest.StartS3(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/s3",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("S3", server.Address)
			env.Setenv("AWS_ACCESS_KEY_ID", server.Access)
			env.Setenv("AWS_SECRET_ACCESS_KEY", server.Secret)
			return nil
		},
	})
}
