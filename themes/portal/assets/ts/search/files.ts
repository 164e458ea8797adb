// One set of search files over HTTP. What was read is kept while the page is open; a set never changes.
import { compare } from "./analyzer";
import { Bytes, need, payload, postings, router, shard, Stale, type ListedField } from "./bytes";
import type { Source } from "./engine";
import type { FacetColumn } from "./facets";
import { phrase, type Letter, type Lexicon } from "./lexicon";
import type { Dictionary, Postings } from "./score";
import type { Spec } from "./spec";
import type { Card, Term } from "./types";

interface Manifest {
  format: number;
  spec: number;
  hash: string;
  documents: number;
  set: string;
  dyn: string;
  router: string[];
  shards: number;
  lists: number;
  cards: number;
  columns: string[];
  buckets: string[];
}

const cardsInFile = 16;
const shardsInPiece = 64;
const mostManifest = 512 << 10;

/** Reads the manifest at `base` and gives the set it names. */
export async function open(base: string, spec: Spec): Promise<Files> {
  const answer = await fetch(`${base}manifest.json`, { cache: "no-cache" });
  need(answer.ok, `the manifest answers ${answer.status}`);
  const text = await answer.text();
  need(text.length <= mostManifest, "the manifest is too long");
  return new Files(base, spec, check(new Bytes(new TextEncoder().encode(text)), spec));
}

function check(bytes: Bytes, spec: Spec): Manifest {
  const m = bytes.json(bytes.left) as Manifest;
  need(m?.format === spec.format && m.spec === spec.spec && m.hash === spec.hash, "the set is made under another contract");
  for (const n of [m.documents, m.shards, m.lists, m.cards]) need(Number.isInteger(n) && n >= 0, "the manifest has no number");
  need(m.documents <= spec.limits.documents && m.cards === Math.ceil(m.documents / cardsInFile), "the manifest has another number of cards");
  need(/^[0-9a-f]{16}$/.test(m.set) && (m.documents === 0 || /^[0-9a-f]{16}$/.test(m.dyn)), "the manifest names no set");
  for (const list of [m.router, m.columns, m.buckets]) {
    need(Array.isArray(list) && list.every((s) => typeof s === "string"), "the manifest has no list");
  }
  need(m.router.length === Math.ceil(m.shards / shardsInPiece), "the manifest has another number of shards");
  need(m.router.every((t, i) => i === 0 || compare(m.router[i - 1]!, t) < 0), "the router is out of order");
  return m;
}

export class Files implements Source, Lexicon {
  private readonly kept = new Map<string, Promise<unknown>>();

  constructor(
    private readonly base: string,
    private readonly spec: Spec,
    private readonly manifest: Manifest,
  ) {}

  get n(): number {
    return this.manifest.documents;
  }

  async dictionary(terms: string[]): Promise<Dictionary> {
    const found = new Map(await Promise.all(terms.map(async (t) => [t, await this.look(t)] as const)));
    return (term) =>
      (found.get(term) ?? []).map(({ field, df, postings }) => ({ field, df, postings: () => this.postings(df, postings) }));
  }

  private async look(term: string): Promise<ListedField[]> {
    const { router: first, shards, lists } = this.manifest;
    const piece = lastUpTo(first, term);
    if (piece < 0) return [];
    const terms = await this.file(`${this.manifest.set}/r/${piece}`, "r", router);
    const number = piece * shardsInPiece + lastUpTo(terms, term);
    need(terms[0] === first[piece] && number < shards, "a router piece is another");
    const entries = await this.file(`${this.manifest.set}/s/${number}`, "s", (b) => shard(b, this.n, lists, this.spec.fields.length));
    return entries.get(term) ?? [];
  }

  private postings(df: number, at: Uint8Array | number): Promise<Postings> {
    if (typeof at === "number") return this.file(`${this.manifest.set}/p/${at}`, "p", (b) => postings(b, df, this.n));
    return Promise.resolve(postings(new Bytes(at), df, this.n));
  }

  async prior(): Promise<(ord: number) => number> {
    const { prior } = await this.dyn();
    return (ord) => prior[ord]! * this.spec.prior_step;
  }

  async column(facet: string): Promise<FacetColumn> {
    if (facet === "state") return (await this.dyn()).state;
    if (!this.manifest.columns.includes(facet)) return { facet, values: [], of: () => [] };
    return this.file(`${this.manifest.set}/c/${facet}`, "c", (b) => column(b, facet, this.n));
  }

  async days(sort: "modified" | "issued"): Promise<(ord: number) => number> {
    const days = await this.file(`${this.manifest.set}/c/${sort}`, "c", (b) => {
      need(b.left === 2 * this.n, "a column has another length");
      return b.take(b.left);
    });
    return (ord) => days[2 * ord]! + 256 * days[2 * ord + 1]!;
  }

  cards(ords: number[]): Promise<{ id: string; card: Card }[]> {
    return Promise.all(
      ords.map(async (ord) => {
        const number = Math.floor(ord / cardsInFile);
        const length = Math.min(cardsInFile, this.n - number * cardsInFile);
        const cards = await this.file(`${this.manifest.set}/d/${number}`, "d", (b) => cardsOf(b, length));
        return cards[ord % cardsInFile]!;
      }),
    );
  }

  warm(): void {
    const first = this.manifest.router.length === 1 ? [this.file(`${this.manifest.set}/r/0`, "r", router)] : [];
    for (const begun of [this.synonyms(), this.dyn(), ...first]) begun.catch(() => undefined); // fails again when it is needed
  }

  letter(x: string): Promise<Letter> {
    return this.bucket(x, (j) => ({ phrases: list<Parameters<typeof phrase>[0]>(j, "phrases").map(phrase), words: list(j, "words") }));
  }

  async character(c: string): Promise<[string, number][]> {
    const all = await this.bucket(String(c.codePointAt(0)! % 16), (j) => list<[string, number]>(j, "phrases"));
    return all.filter(([text]) => text.startsWith(c));
  }

  synonyms(): Promise<Map<string, string[]>> {
    return this.bucket("synonyms", (j) => new Map(list<string[]>(j, "synonyms").map(([from, ...to]) => [from!, to])));
  }

  private bucket<T>(x: string, read: (j: unknown) => T): Promise<T> {
    if (!this.manifest.buckets.includes(x)) return Promise.resolve(read({}));
    return this.file(`${this.manifest.set}/x/${x}`, "x", (b) => read(b.json(b.left)));
  }

  private dyn(): Promise<{ prior: Uint8Array; state: FacetColumn }> {
    if (this.n === 0) return Promise.resolve({ prior: new Uint8Array(), state: { facet: "state", values: [], of: () => [] } });
    return this.file(`dyn/${this.manifest.dyn}`, "t", (b) => {
      const prior = b.take(this.n);
      need(prior.every((p) => p <= 15), "a prior is out of bounds");
      return { prior, state: column(b, "state", this.n) };
    });
  }

  /** Reads a file once; what went wrong is not kept. */
  private file<T>(path: string, kind: string, read: (bytes: Bytes) => T): Promise<T> {
    const kept = this.kept.get(path) as Promise<T> | undefined;
    if (kept) return kept;
    const limit = kind === "c" || kind === "t" ? this.spec.limits.column : this.spec.limits.file;
    const now = fetch(this.base + path).then(async (answer) => {
      if (!answer.ok || !answer.body) throw new Stale(`${path} answers ${answer.status}`);
      return read(await payload(answer.body, kind, limit));
    });
    this.kept.set(path, now);
    now.catch(() => this.kept.delete(path));
    return now;
  }
}

/** The place of the last text that is not greater, or -1. */
function lastUpTo(texts: string[], text: string): number {
  let low = 0;
  for (let high = texts.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (compare(texts[middle]!, text) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function column(bytes: Bytes, facet: string, n: number): FacetColumn {
  const json = bytes.json(bytes.uv());
  const values = list<Term>(json, "values");
  const sets = list<number[]>(json, "sets");
  need(values.every((v) => typeof v?.code === "string" && typeof v.label?.zh === "string"), "a value has no label");
  need(sets.every((s) => Array.isArray(s) && s.every((i) => Number.isInteger(i) && i >= 0 && i < values.length)), "a set has other values");
  const of = new Uint32Array(n);
  for (let ord = 0; ord < n; ord++) {
    of[ord] = bytes.uv();
    need(of[ord]! < sets.length, "a document has another set");
  }
  need(bytes.left === 0, "a column is too long");
  return { facet, values, of: (ord) => sets[of[ord]!]! };
}

/** Cards get key and address from kind and id, which are checked: a card cannot lead anywhere else. */
function cardsOf(bytes: Bytes, length: number): { id: string; card: Card }[] {
  const cards = bytes.json(bytes.left) as Card[];
  need(Array.isArray(cards) && cards.length === length, "cards are missing");
  return cards.map((card) => {
    need(typeof card?.title?.zh === "string" && typeof card.org?.label?.zh === "string" && /^[a-z0-9-]{1,100}$/.test(card.id), "a card is broken");
    need(card.kind === "dataset" || card.kind === "entry", "a card is of another kind");
    const [key, folder] = card.kind === "dataset" ? ["dataset", "datasets"] : ["catalog", "catalog"];
    return { id: `${key}:${card.id}`, card: { ...card, url: `/${folder}/${card.id}/` } };
  });
}

/** A list of a JSON object; one that is not there is empty. */
function list<T>(json: unknown, name: string): T[] {
  const found = (json as Record<string, unknown> | null)?.[name] ?? [];
  need(Array.isArray(found), "a list is missing");
  return found as T[];
}
