// What was typed becomes readings, a port of tools/internal/query/rewrite.go. The steps are those of tools/doc/search.md, 4.
import { Analyzer, firstRunes, space } from "./analyzer";
import type { Lexicon, Phrase } from "./lexicon";
import type { Spec } from "./spec";
import type { Alternative, Reading } from "./types";

interface Draft {
  text: string;
  weight: number;
}

export class Rewriter {
  constructor(
    private readonly spec: Spec,
    private readonly analyzer: Analyzer,
    private readonly lexicon: Lexicon,
  ) {}

  /** The readings, the literal one first; none when nothing can be looked for. */
  async rewrite(typed: string): Promise<Reading[]> {
    const text = this.literal(typed);
    if (!text) return [];
    const drafts: Draft[] = [{ text, weight: 1 }];
    if (/^[a-z ]+$/.test(text)) drafts.push(...(await this.pinyin(text.replaceAll(" ", ""))));
    const synonyms = await this.lexicon.synonyms();
    for (const d of [...drafts]) drafts.push(...this.replaced(d, synonyms));
    const readings = this.readings(drafts);
    await Promise.all(readings.flatMap((r) => r.slots).map((slot) => this.expand(slot)));
    return this.limited(readings);
  }

  /** Folds a query, collapses its spaces and cuts it. */
  normalise(typed: string): string {
    const text = collapse(this.analyzer.fold(firstRunes(typed, this.spec.limits.query)));
    return firstRunes(text, this.spec.limits.query).trim();
  }

  /** The text of the query itself, without the phrases around a question; empty when it has no terms. */
  literal(typed: string): string {
    const text = this.normalise(typed);
    return [this.stripQuestion(text), text].find((t) => this.analyzer.split(t).length > 0) ?? "";
  }

  /** Replaces question phrases by a space: the words around them must not grow together into a pair. */
  private stripQuestion(folded: string): string {
    let out = "";
    for (let i = 0; i < folded.length; ) {
      const n = longest(this.spec.questions, folded, i);
      out += n ? " " : folded[i];
      i += n || 1;
    }
    let bare = trimmed(out);
    const particle = this.spec.particles.find((p) => bare.endsWith(p));
    if (particle) bare = bare.slice(0, -particle.length);
    return collapse(bare);
  }

  /** Reads letters as pinyin, as initials, or as the beginning of either. */
  private async pinyin(letters: string): Promise<Draft[]> {
    const { weights, limits } = this.spec;
    if (letters.length < 2 || letters.length > limits.letters) return [];
    for (const [form, weight] of [["joined", weights.pinyin], ["initials", weights.initials]] as const) {
      const texts = await this.cover(letters, form);
      if (texts.length) return texts.map((text) => ({ text, weight }));
    }
    const { phrases } = await this.lexicon.letter(letters[0]!);
    const texts = phrases.flatMap((p) => {
      const m = touched(p, letters);
      return m ? [firstRunes(p.text, Math.max(2, m))] : [];
    });
    return different(texts, limits.homophones).map((text) => ({ text, weight: weights.beginning }));
  }

  /** The fewest phrases that spell the letters, from the left the longest first; of one phrase alone, all that sound so. */
  private async cover(letters: string, form: "joined" | "initials"): Promise<string[]> {
    const end = letters.length;
    const pieces: Map<number, Phrase[]>[] = []; // by place, then by where the phrase ends
    for (let front = [0]; front.length && !pieces.some((p) => p.has(end)); ) {
      await Promise.all(
        front.map(async (at) => {
          pieces[at] = new Map();
          for (const p of (await this.lexicon.letter(letters[at]!)).phrases) {
            if (!letters.startsWith(p[form], at)) continue;
            const to = at + p[form].length;
            pieces[at].set(to, [...(pieces[at].get(to) ?? []), p]);
          }
        }),
      );
      front = [...new Set(front.flatMap((at) => [...pieces[at]!.keys()]))].filter((at) => !pieces[at]);
    }
    const whole = pieces[0]?.get(end);
    if (whole) return different(whole.map((p) => p.text), this.spec.limits.homophones);

    const steps: number[] = []; // to the end
    steps[end] = 0;
    for (let at = end - 1; at >= 0; at--) {
      const ends = [...(pieces[at]?.keys() ?? [])].filter((to) => steps[to] !== undefined);
      if (ends.length) steps[at] = 1 + Math.min(...ends.map((to) => steps[to]!));
    }
    if (steps[0] === undefined) return [];
    let text = "";
    for (let at = 0; at < end; ) {
      const to = Math.max(...[...pieces[at]!.keys()].filter((to) => steps[to] === steps[at]! - 1));
      text += pieces[at]!.get(to)![0]!.text;
      at = to;
    }
    return [text];
  }

  /** One draft for each synonym of each phrase in the text. */
  private replaced({ text, weight }: Draft, synonyms: Map<string, string[]>): Draft[] {
    const out: Draft[] = [];
    const phrases = [...synonyms.keys()];
    for (let i = 0; i < text.length; ) {
      const n = longest(phrases, text, i, whole);
      for (const r of n ? synonyms.get(text.slice(i, i + n))! : []) {
        const join = (a: string, b: string): string => (latin(a.at(-1)) && latin(b[0]) ? `${a} ${b}` : a + b);
        out.push({ text: join(join(text.slice(0, i), r), text.slice(i + n)), weight: weight * this.spec.weights.synonym });
      }
      i += n || 1;
    }
    return out;
  }

  /** The drafts as slots, each different one once. */
  private readings(drafts: Draft[]): Reading[] {
    const seen = new Set<string>();
    const out: Reading[] = [];
    for (const { text, weight } of drafts) {
      const terms = different(this.analyzer.split(text), this.spec.limits.slots);
      const key = terms.join(" ");
      if (!terms.length || seen.has(key) || out.length === this.spec.limits.readings) continue;
      seen.add(key);
      out.push({ text, weight, slots: terms.map((term) => [{ term, weight: 1 }]) });
    }
    return out;
  }

  /** Puts words that begin with a Latin word, or nearly are it, beside it. */
  private async expand(slot: Alternative[]): Promise<void> {
    const { term } = slot[0]!;
    if (term.length < 3 || !/^[a-z]/.test(term)) return;
    const { prefix, typo } = this.spec.weights;
    for (const [word] of (await this.lexicon.letter(term[0]!)).words) {
      if (slot.length > this.spec.limits.expansions) return;
      if (word === term) continue;
      if (word.startsWith(term)) slot.push({ term: word, weight: prefix });
      else if (term.length >= 4 && word.slice(0, 2) === term.slice(0, 2) && near(term, word)) slot.push({ term: word, weight: typo });
    }
  }

  /** Drops the lightest alternatives, then the last readings, until there are no more terms than allowed. */
  private limited(readings: Reading[]): Reading[] {
    const all = () => readings.flatMap((r) => r.slots.flatMap((slot) => slot.map((alt) => ({ weight: r.weight * alt.weight, slot, alt }))));
    for (;;) {
      const alternatives = all();
      if (new Set(alternatives.map((a) => a.alt.term)).size <= this.spec.limits.terms) return readings;
      const spare = alternatives.filter((a) => a.slot.length > 1);
      const least = spare.findLast((a) => spare.every((b) => a.weight <= b.weight));
      if (least) least.slot.splice(least.slot.indexOf(least.alt), 1);
      else if (readings.length > 1) readings.pop();
      else return readings;
    }
  }
}

/** The length of the longest phrase that begins at i, or 0. */
function longest(phrases: string[], text: string, i: number, fits: typeof whole = () => true): number {
  return phrases.reduce((n, p) => (p.length > n && text.startsWith(p, i) && fits(text, i, i + p.length) ? p.length : n), 0);
}

/** Whether a span does not begin or end inside a Latin word. */
function whole(text: string, from: number, to: number): boolean {
  return !(latin(text[from - 1]) && latin(text[from])) && !(latin(text[to - 1]) && latin(text[to]));
}

const latin = (c: string | undefined): boolean => c !== undefined && /[a-z0-9]/.test(c);

/** How many syllables of a phrase the letters touch when it begins with them, by sound or by initials; else 0. */
function touched(p: Phrase, letters: string): number {
  if (p.joined.startsWith(letters)) {
    let n = 0;
    for (let length = 0; length < letters.length; n++) length += p.pinyin[n]!.length;
    return n;
  }
  return letters.length >= 3 && p.initials.startsWith(letters) ? letters.length : 0;
}

/** Whether one word becomes the other by one insertion, omission, replacement or swap of neighbours. */
export function near(a: string, b: string): boolean {
  if (a.length > b.length) [a, b] = [b, a];
  if (b.length - a.length > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  if (a.length < b.length) return a.slice(i) === b.slice(i + 1);
  return a.slice(i + 1) === b.slice(i + 1) || (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2));
}

function different(texts: string[], most: number): string[] {
  return [...new Set(texts)].slice(0, most);
}

/** A text without the signs that end a question. */
export function trimmed(text: string): string {
  return text.replace(/[ ?!.,。、]+$/, "");
}

function collapse(text: string): string {
  return text.split(space).filter(Boolean).join(" ");
}
