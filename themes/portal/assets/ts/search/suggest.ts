// Completes what is being typed, from the lexicon alone: no search runs for a suggestion.
import type { Engine } from "./engine";
import { near } from "./rewrite";

export interface Suggestion {
  text: string;
  n: number;
}

export async function suggest({ spec, rewriter, lexicon }: Engine, typed: string): Promise<Suggestion[]> {
  const text = rewriter.normalise(typed);
  const letters = lettersOf(text, spec.limits.letters);
  let all: [string, number][] = [];
  if (letters) {
    const { phrases, words } = await lexicon.letter(letters[0]!);
    all = phrases.filter((p) => p.joined.startsWith(letters) || p.initials.startsWith(letters)).map((p) => [p.text, p.df]);
    if (letters.length >= 2) all.push(...words.filter(([w]) => w.startsWith(letters)));
  } else if (text > "\u2e7f") {
    all = (await lexicon.character([...text][0]!)).filter(([t]) => t.startsWith(text));
  }
  const once = new Map(all.toReversed().filter(([t]) => t !== text)); // of a text that stands twice, the first counts
  return [...once].reverse().slice(0, spec.limits.suggest).map(([text, n]) => ({ text, n }));
}

/** Phrases that a slip of the hand turns into what was typed, or that begin with it, for a search that found nothing. */
export async function nearest({ spec, rewriter, lexicon }: Engine, typed: string): Promise<string[]> {
  const text = rewriter.literal(typed);
  const letters = lettersOf(text, spec.limits.letters);
  if (letters.length >= 4) {
    const { phrases, words } = await lexicon.letter(letters[0]!);
    return [...phrases.filter((p) => near(p.joined, letters)).map((p) => p.text), ...words.map(([w]) => w).filter((w) => near(w, letters))];
  }
  if (letters || !text) return [];
  return (await lexicon.character([...text][0]!)).map(([t]) => t).filter((t) => t.startsWith(text) || (t.length > 2 && near(t, text)));
}

/** A text of a–z and spaces without the spaces; "" for any other. */
function lettersOf(text: string, most: number): string {
  const letters = text.replaceAll(" ", "");
  return /^[a-z]+$/.test(letters) && letters.length <= most ? letters : "";
}
