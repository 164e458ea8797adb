// What the rewriter and the suggestions may know: phrases with their pinyin, Latin words, synonyms.
export interface Phrase {
  text: string;
  pinyin: string[]; // by syllable
  joined: string;
  initials: string;
  df: number;
}

export interface Letter {
  phrases: Phrase[];
  words: [string, number][];
}

export interface Lexicon {
  /** Phrases whose pinyin begins with x, and words that do. */
  letter(x: string): Promise<Letter>;
  /** Phrases that begin with the Chinese character c. */
  character(c: string): Promise<[string, number][]>;
  /** What may stand for a phrase, by phrase. */
  synonyms(): Promise<Map<string, string[]>>;
}

export function phrase([text, pinyin, df]: [string, string, number]): Phrase {
  const syllables = pinyin.split(" ");
  return { text, pinyin: syllables, joined: syllables.join(""), initials: syllables.map((s) => s[0]).join(""), df };
}
