// Counting and filtering, a port of tools/internal/query/facet.go.
import { compare } from "./analyzer";
import type { Scored } from "./score";
import type { Spec } from "./spec";
import type { Count, Term } from "./types";

/** The values of one facet for all documents. */
export interface FacetColumn {
  facet: string;
  values: Term[];
  of(ord: number): ArrayLike<number>; // places in values
}

/** A filter on one facet. A value nobody has selects nothing. */
export class Selection {
  private readonly wanted?: Set<number>;
  private readonly tally: number[];

  constructor(readonly column: FacetColumn, values: string[] = []) {
    this.tally = column.values.map(() => 0);
    if (values.length) this.wanted = new Set(column.values.flatMap((v, i) => (values.includes(v.code) ? [i] : [])));
  }

  accepts(ord: number): boolean {
    const wanted = this.wanted;
    return !wanted || Array.prototype.some.call(this.column.of(ord), (code: number) => wanted.has(code));
  }

  count(ord: number): void {
    const codes = this.column.of(ord);
    for (let i = 0; i < codes.length; i++) this.tally[codes[i]!]!++;
  }

  /** The values that occur or are selected, by number, then code; of very many only the first. */
  counts(spec: Spec): Count[] {
    const out = this.column.values
      .map((v, i): Count => ({ ...v, n: this.tally[i]!, ...(this.wanted?.has(i) && { selected: true }) }))
      .filter((c) => c.n > 0 || c.selected)
      .sort((a, b) => b.n - a.n || compare(a.code, b.code));
    return out.length > spec.limits.facet_many ? out.filter((c, i) => i < spec.limits.facet_values || c.selected) : out;
  }
}

/** Keeps what every selection accepts. A facet's own selection does not count in its own figures. */
export function filter(hits: Scored[], selections: Selection[]): Scored[] {
  return hits.filter((h) => {
    const refused = selections.filter((s) => !s.accepts(h.ord));
    if (refused.length === 1) refused[0]!.count(h.ord);
    if (refused.length > 0) return false;
    for (const s of selections) s.count(h.ord);
    return true;
  });
}
