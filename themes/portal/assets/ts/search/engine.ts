// Answers requests over one set of search files, a port of tools/internal/query/engine.go.
import type { Analyzer } from "./analyzer";
import { filter, Selection, type FacetColumn } from "./facets";
import type { Lexicon } from "./lexicon";
import { trimmed, type Rewriter } from "./rewrite";
import { Scorer, type Dictionary, type Scored } from "./score";
import type { Spec } from "./spec";
import type { Card, Count, Hit, Reading, Request, Result } from "./types";

/** What a set of search files must know. */
export interface Source {
  n: number;
  dictionary(terms: string[]): Promise<Dictionary>;
  prior(): Promise<(ord: number) => number>;
  column(facet: string): Promise<FacetColumn>;
  /** Days by which results are sorted; greater is later, 0 is unknown. */
  days(sort: "modified" | "issued"): Promise<(ord: number) => number>;
  cards(ords: number[]): Promise<{ id: string; card: Card }[]>;
  /** Begins to load what every query needs. */
  warm(): void;
}

/** A page of answers. Facets need more files, and are counted when somebody wants to see them. */
export interface Answer extends Omit<Result, "facets"> {
  readings: Reading[];
  looked_for: string[]; // rewritten, without what a question mark alone makes
  facets(): Promise<Record<string, Count[]>>;
}

export class Engine {
  constructor(
    readonly spec: Spec,
    readonly analyzer: Analyzer,
    readonly rewriter: Rewriter,
    readonly source: Source,
    readonly lexicon: Lexicon,
  ) {}

  async search(req: Request): Promise<Answer> {
    if (req.q.trim()) this.fetchAhead(req.q);
    const readings = await this.rewriter.rewrite(req.q);
    const all = await this.match(req.q, readings);
    const hits = this.cut(all);
    const count = async (facets: string[]): Promise<[Scored[], Selection[]]> => {
      const columns = await Promise.all(facets.map((f) => this.source.column(f)));
      const selections = columns.map((c) => new Selection(c, req.filters[c.facet]));
      return [filter(hits, selections), selections];
    };
    const [kept] = await count(this.spec.facets.filter((f) => req.filters[f]?.length));
    const sorted = await this.sort(kept, req, !req.q.trim());
    const from = (req.page - 1) * req.size;
    const shown = sorted.slice(from, from + req.size);
    const cards = await this.source.cards(shown.map((h) => h.ord));
    const typed = this.rewriter.normalise(req.q);
    const rewritten = readings.map((r) => r.text).filter((text) => text !== typed);
    return {
      total: kept.length,
      about: hits.length < all.length,
      page: req.page,
      size: req.size,
      rewritten,
      looked_for: rewritten.filter((text) => text !== trimmed(typed)),
      readings,
      hits: shown.map((h, i): Hit => ({ ...cards[i]!, score: h.score })),
      facets: async () => {
        const [, selections] = await count(this.spec.facets);
        return Object.fromEntries(selections.map((s) => [s.column.facet, s.counts(this.spec)]));
      },
    };
  }

  /** What was typed is looked for in any case: its terms are fetched while the lexicon is. */
  private fetchAhead(typed: string): void {
    const terms = this.analyzer.split(this.rewriter.literal(typed)).slice(0, this.spec.limits.slots);
    for (const begun of [this.source.dictionary(terms), this.source.prior()]) begun.catch(() => undefined); // fails again below
  }

  /** All documents, unscored, when nothing was typed; none when only signs were typed. */
  private async match(typed: string, readings: Reading[]): Promise<Scored[]> {
    const n = this.source.n;
    if (!typed.trim()) return Array.from({ length: n }, (_, ord) => ({ ord, score: 0 }));
    if (!readings.length || n === 0) return [];
    const terms = readings.flatMap((r) => r.slots.flat().map((alt) => alt.term));
    const [dictionary, prior] = await Promise.all([this.source.dictionary([...new Set(terms)]), this.source.prior()]);
    return new Scorer(this.spec, n, prior).score(readings, dictionary);
  }

  /** Drops the long tail of hits that share a pair of characters with the query and no more. */
  private cut(hits: Scored[]): Scored[] {
    const least = this.spec.cut * (hits[0]?.score ?? 0);
    const end = hits.findIndex((h) => h.score < least);
    return end < 0 ? hits : hits.slice(0, end);
  }

  /** Sorts by day, later first; equal days keep the order in which they come. */
  private async sort(hits: Scored[], req: Request, listing: boolean): Promise<Scored[]> {
    if (req.sort === "relevance" && !listing) return hits;
    const day = await this.source.days(req.sort === "issued" ? "issued" : "modified");
    return hits.slice().sort((a, b) => day(b.ord) - day(a.ord));
  }
}
