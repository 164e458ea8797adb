// The scorer, a port of tools/internal/query/score.go. Sums run in the order of slots, then fields, so that the same
// bits come out:
//
//	score(d)   = max over readings r:  weight(r) · coord · sum over slots s: best(s, d)      · (1 + prior(d))
//	best(s, d) = max over alternatives (t, w): w · sum over fields f: boost(f) · idf(f, t) · tf·(k1+1) / (tf+k1)
import type { Spec } from "./spec";
import type { Alternative, Reading } from "./types";

export interface Scored {
  ord: number;
  score: number;
}

/** The documents with a term in a field, and how often. */
export interface Postings {
  ords: ArrayLike<number>;
  tfs: ArrayLike<number>;
}

/** A term in a field: df is known before the postings are. */
export interface FieldEntry {
  field: number;
  df: number;
  postings(): Promise<Postings>;
}

/** The fields of a term, in order; none when no document has it. */
export type Dictionary = (term: string) => FieldEntry[];

interface Weighted extends Alternative {
  fields: { weight: number; entry: FieldEntry }[];
}

export class Scorer {
  constructor(
    private readonly spec: Spec,
    private readonly n: number,
    private readonly prior: (ord: number) => number,
  ) {}

  /** The documents that match, best first; equal ones by ordinal. */
  async score(readings: Reading[], dictionary: Dictionary): Promise<Scored[]> {
    const weighed = readings.map((r) => this.weigh(r.slots, dictionary));
    const lists = await fetchAll(weighed);
    const final = new Column(this.n);
    readings.forEach((r, i) => this.read(r.weight, weighed[i]!, lists, final));
    return this.ranked(final);
  }

  /** Looks the terms up and drops those that too many documents have, unless nothing would remain. */
  private weigh(slots: Alternative[][], dictionary: Dictionary): Weighted[][] {
    const all: Weighted[][] = [];
    const rare: Weighted[][] = [];
    for (const slot of slots) {
      const every = slot.map((alt) => ({ ...alt, fields: this.weights(dictionary(alt.term)) }));
      const some = every.filter((alt) => !this.frequent(alt));
      all.push(every);
      if (some.length) rare.push(some);
    }
    return rare.length ? rare : all;
  }

  private weights(entries: FieldEntry[]): Weighted["fields"] {
    return entries.map((entry) => {
      const idf = Math.log(1 + (this.n - entry.df + 0.5) / (entry.df + 0.5));
      return { weight: this.spec.fields[entry.field]!.boost * idf, entry };
    });
  }

  private frequent(alt: Weighted): boolean {
    return this.n >= this.spec.frequent_at && alt.fields.length > 0 && alt.fields.every((f) => f.entry.df > this.n * this.spec.frequent_share);
  }

  private read(weight: number, slots: Weighted[][], lists: Lists, final: Column): void {
    const sum = new Column(this.n);
    const best = new Column(this.n);
    const alternative = new Column(this.n);
    const matched = new Uint8Array(this.n);
    const up = this.spec.k1 + 1;
    for (const slot of slots) {
      for (const alt of slot) {
        for (const f of alt.fields) {
          const { ords, tfs } = lists.get(f.entry)!;
          for (let i = 0; i < ords.length; i++) alternative.add(ords[i]!, (f.weight * tfs[i]! * up) / (tfs[i]! + this.spec.k1));
        }
        alternative.drain((d, v) => best.max(d, alt.weight * v));
      }
      best.drain((d, v) => {
        sum.add(d, v);
        matched[d]!++;
      });
    }
    sum.drain((d, v) => final.max(d, weight * (matched[d]! / slots.length) * v));
  }

  /** Sorts what has a score. Scores that differ by less than a billionth of the best one are equal. */
  private ranked(final: Column): Scored[] {
    const hits: Scored[] = [];
    let top = 0;
    final.drain((ord, v) => {
      const score = v * (1 + this.prior(ord));
      top = Math.max(top, score);
      hits.push({ ord, score });
    });
    for (const h of hits) h.score = (Math.round((h.score / top) * this.spec.ties) / this.spec.ties) * top;
    return hits.sort((a, b) => b.score - a.score || a.ord - b.ord);
  }
}

type Lists = Map<FieldEntry, Postings>;

/** Reads all postings at once: on a slow line, one after the other is what takes the time. */
async function fetchAll(readings: Weighted[][][]): Promise<Lists> {
  const entries = new Set(readings.flat(2).flatMap((alt) => alt.fields.map((f) => f.entry)));
  return new Map(await Promise.all([...entries].map(async (e) => [e, await e.postings()] as const)));
}

/** A value a document, and which documents have one. */
class Column {
  private readonly value: Float64Array;
  private used: number[] = [];

  constructor(n: number) {
    this.value = new Float64Array(n);
  }

  add(d: number, v: number): void {
    if (this.value[d] === 0) this.used.push(d);
    this.value[d]! += v;
  }

  max(d: number, v: number): void {
    if (this.value[d] === 0) this.used.push(d);
    if (v > this.value[d]!) this.value[d] = v;
  }

  /** Hands every value on and clears the column. */
  drain(to: (d: number, v: number) => void): void {
    for (const d of this.used) {
      to(d, this.value[d]!);
      this.value[d] = 0;
    }
    this.used = [];
  }
}
