// A set of documents in memory, so that the scorer is tested without files: what tools/internal/query calls Mem and Held.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "../../../themes/portal/assets/ts/search/analyzer";
import { Engine, type Source } from "../../../themes/portal/assets/ts/search/engine";
import type { FacetColumn } from "../../../themes/portal/assets/ts/search/facets";
import { phrase, type Lexicon } from "../../../themes/portal/assets/ts/search/lexicon";
import { Rewriter } from "../../../themes/portal/assets/ts/search/rewrite";
import type { FieldEntry } from "../../../themes/portal/assets/ts/search/score";
import type { FoldTable, Spec } from "../../../themes/portal/assets/ts/search/spec";
import type { Card, Term } from "../../../themes/portal/assets/ts/search/types";

export const root = join(import.meta.dirname, "..", "..", "..");
const read = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), "utf8")) as T;

export const spec = read<Spec>("build/data/search/query.json");
const fold = read<FoldTable & { simplified: string }>("build/data/search/fold.json");

export function newAnalyzer(): Analyzer {
  const analyzer = new Analyzer(fold);
  analyzer.setTable(fold.simplified);
  return analyzer;
}

export interface Corpus {
  documents: {
    key: string;
    card: Card;
    fields: string[][];
    facets?: Record<string, Term[]>;
    issued?: string;
    today?: { prior?: number; state?: Term };
  }[];
  lexicon: {
    phrases?: { text: string; pinyin: string; df: number }[];
    words?: { text: string; df: number }[];
    synonyms?: { text: string; to: string[] }[];
  };
}

export function engineOf(corpus: Corpus): Engine {
  const analyzer = newAnalyzer();
  const lexicon = lexiconOf(corpus.lexicon);
  return new Engine(spec, analyzer, new Rewriter(spec, analyzer, lexicon), sourceOf(corpus, analyzer), lexicon);
}

function lexiconOf(l: Corpus["lexicon"]): Lexicon {
  const phrases = (l.phrases ?? []).map((p) => phrase([p.text, p.pinyin, p.df]));
  return {
    letter: async (x) => ({
      phrases: phrases.filter((p) => p.joined.startsWith(x)),
      words: (l.words ?? []).filter((w) => w.text.startsWith(x)).map((w) => [w.text, w.df]),
    }),
    character: async (c) => [...new Map(phrases.filter((p) => p.text.startsWith(c)).map((p) => [p.text, p.df]))],
    synonyms: async () => new Map((l.synonyms ?? []).map((s) => [s.text, s.to])),
  };
}

function sourceOf({ documents }: Corpus, analyzer: Analyzer): Source {
  const index = new Map<string, Map<number, number>[]>(); // by term and field: how often, by ordinal
  documents.forEach((d, ord) => d.fields.forEach((texts, field) => {
    for (const term of analyzer.terms(texts.join("\n"))) {
      const fields = index.get(term) ?? spec.fields.map(() => new Map<number, number>());
      index.set(term, fields);
      fields[field]!.set(ord, (fields[field]!.get(ord) ?? 0) + 1);
    }
  }));
  const entries = (term: string): FieldEntry[] => (index.get(term) ?? []).flatMap((tf, field) => tf.size ? [{
    field, df: tf.size, postings: async () => ({ ords: [...tf.keys()], tfs: [...tf.values()] }),
  }] : []);
  const day = (iso?: string): number => (iso ? Date.parse(iso) / 86_400_000 : 0);
  return {
    n: documents.length,
    dictionary: async () => entries,
    prior: async () => (ord) => (documents[ord]!.today?.prior ?? 0) * spec.prior_step,
    column: async (facet) => columnOf(facet, documents.map((d) => (facet === "state" ? [d.today?.state ?? []].flat() : d.facets?.[facet] ?? []))),
    days: async (sort) => (ord) => day(sort === "issued" ? documents[ord]!.issued : documents[ord]!.card.modified),
    cards: async (ords) => ords.map((ord) => ({ id: documents[ord]!.key, card: documents[ord]!.card })),
    warm: () => undefined,
  };
}

function columnOf(facet: string, of: Term[][]): FacetColumn {
  const values = [...new Map(of.flat().map((t) => [t.code, t])).values()];
  return { facet, values, of: (ord) => of[ord]!.map((t) => values.findIndex((v) => v.code === t.code)) };
}
