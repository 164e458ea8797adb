// The contract of search as the program writes it (query.json, fold.json): no number of it is written here by hand.
// tools/doc/search.md says what the numbers mean.
export interface Spec {
  spec: number;
  format: number;
  hash: string;
  fields: { name: string; boost: number }[]; // in the order in which scores are added up
  facets: string[];
  sorts: string[];
  k1: number;
  cut: number;
  ties: number;
  frequent_at: number;
  frequent_share: number;
  prior_step: number;
  weights: Record<"synonym" | "pinyin" | "initials" | "beginning" | "prefix" | "typo", number>;
  limits: Record<
    | "query" | "slots" | "terms" | "readings" | "homophones" | "expansions" | "letters" | "size" | "default_size"
    | "window" | "suggest" | "facet_many" | "facet_values" | "file" | "column" | "documents",
    number
  >;
  questions: string[];
  particles: string[];
}

export interface FoldTable {
  han: number[]; // gap, length, gap, length …
  unassigned: number[];
  traditional: number[]; // the first, then the gaps
}
