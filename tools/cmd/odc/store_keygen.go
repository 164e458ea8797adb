package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"

	"opendata.example/odc/tools/internal/release"
)

func verbStoreKeygen() verb {
	return verb{
		name: "store keygen", group: "store", synopsis: "--out FILE", summary: "make a key that signs releases",
		help: `example:
  odc store keygen --out ~/.odc/key

The secret goes into the file, mode 0600, and nowhere else. What is printed is the public half, to be put below
“keys:” in metadata/keys.yaml; readers believe releases signed with it once that file is merged. To change keys, add
the new one with --from-seq, publish, then close the old one with until_seq.

exit codes: 0 done, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			out := fs.String("out", "", "`file` for the secret; it must not exist")
			from := fs.Int64("from-seq", 1, "the first `number` in a channel that the key may sign")
			return func(ctx context.Context, e *env, args []string) int {
				switch {
				case len(args) > 0:
					return e.wrong("store keygen takes no arguments: %q", "name the file with --out", args[0])
				case *out == "":
					return e.wrong("store keygen: --out is missing", "odc store keygen --out FILE")
				case *from < 1:
					return e.wrong("store keygen: --from-seq begins at 1", "odc store keygen -h")
				}
				var seed [32]byte
				if _, err := rand.Read(seed[:]); err != nil {
					return e.failed(ctx, err, "")
				}
				key := release.NewSigningKey(seed)
				if err := writeSecret(e.abs(*out), key.Secret()); err != nil {
					return e.failed(ctx, err, "an existing key is never overwritten; choose another file")
				}
				public := key.Trusted(*from)
				fmt.Fprintf(e.stdout, "  - id: %s\n    public_key: %s\n    from_seq: %d\n", public.ID, public.PublicKey, public.FromSeq)
				fmt.Fprintf(e.stderr, "odc: %s is in %s; keep a copy off line, and add the lines above to metadata/keys.yaml\n", key, *out)
				return exitOK
			}
		},
	}
}

func writeSecret(name, secret string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(secret); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
