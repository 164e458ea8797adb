// Texts become terms here, by the same rules as in tools/internal/query: records and queries, program and browser.
import type { FoldTable } from "./spec";

/** White space as Unicode has it; \s of JavaScript differs. */
export const space = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

export class Analyzer {
  private readonly unassigned: RegExp;
  private readonly run: RegExp;
  private readonly keys: string[];
  private readonly traditional: RegExp;
  private simplified?: Map<string, string>;

  constructor(table: FoldTable) {
    this.unassigned = new RegExp(`[${classOf(table.unassigned)}\\ud800-\\udfff]`, "gu");
    this.run = new RegExp(`[a-z0-9]+|[${classOf(table.han)}]+`, "gu");
    let at = 0;
    this.keys = table.traditional.map((gap) => String.fromCodePoint((at += gap)));
    this.traditional = new RegExp(`[${this.keys.join("")}]`, "gu");
  }

  /** Whether a text holds traditional characters while their table is not here yet. */
  needsTable(text: string): boolean {
    return !this.simplified && text.normalize("NFKC").search(this.traditional) >= 0;
  }

  /** Takes the simplified characters, in the order of table.traditional. */
  setTable(simplified: string): void {
    const to = [...simplified];
    if (to.length !== this.keys.length) throw new Error("the table of characters is not whole");
    this.simplified = new Map(this.keys.map((from, i) => [from, to[i]!]));
  }

  /** The form in which texts are compared: NFKC, simplified characters, A–Z small. */
  fold(text: string): string {
    return text.replace(this.unassigned, " ").normalize("NFKC")
      .replace(/[A-Z]+/g, (s) => s.toLowerCase())
      .replace(this.traditional, (c) => this.simplified?.get(c) ?? c);
  }

  /** Overlapping pairs of a run of Chinese characters, and words of a–z and 0–9. */
  terms(text: string): string[] {
    return this.split(this.fold(text));
  }

  /** Cuts a folded text into terms. */
  split(folded: string): string[] {
    return this.places(folded).map((p) => p.term);
  }

  /** The terms of a folded text with where they stand. */
  places(folded: string): Place[] {
    const out: Place[] = [];
    for (const { 0: run, index } of folded.matchAll(this.run)) {
      const chars = run < "{" ? [run] : [...run];
      let at = index!;
      chars.forEach((c, i) => {
        const next = chars[i + 1];
        if (next || i === 0) out.push({ term: c + (next ?? ""), at, end: at + c.length + (next?.length ?? 0) });
        at += c.length;
      });
    }
    return out;
  }
}

export interface Place {
  term: string;
  at: number;
  end: number;
}

/** A list of gaps and lengths as the inside of a character class. */
function classOf(gaps: number[]): string {
  let out = "";
  let at = 0;
  for (let i = 0; i + 1 < gaps.length; i += 2) {
    const from = at + gaps[i]!;
    at = from + gaps[i + 1]!;
    out += `\\u{${from.toString(16)}}-\\u{${(at - 1).toString(16)}}`;
  }
  return out;
}

/** The beginning of a text, at most n code points. */
export function firstRunes(text: string, n: number): string {
  let end = 0;
  for (const c of text) {
    if (n-- === 0) return text.slice(0, end);
    end += c.length;
  }
  return text;
}

/** Compares as UTF-8 bytes do, which is by code point; JavaScript compares units of UTF-16. */
export function compare(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  let i = 0;
  while (i < n && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === n) return a.length - b.length;
  const x = a.charCodeAt(i);
  const y = b.charCodeAt(i);
  // Halves of a pair stand for code points above all others.
  return rank(x) - rank(y) || x - y;
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? 1 : 0);
