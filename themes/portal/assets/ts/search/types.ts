// What the portal's search reads and answers. The names are those of /api/search.
export interface Text {
  zh: string;
  en?: string;
}

export interface Term {
  code: string;
  label: Text;
}

export interface Card {
  kind: string; // dataset, entry
  id: string;
  url: string; // root-relative
  title: Text;
  snippet?: string;
  org: Term;
  domain?: Term;
  open_type?: Term;
  resource?: Term;
  formats?: Term[];
  rows?: number;
  modified?: string;
  illustrative?: boolean;
}

export interface Count extends Term {
  n: number;
  selected?: boolean;
}

export interface Hit {
  id: string; // dataset:<id> or catalog:<id>
  score: number;
  card: Card;
}

export type Sort = "relevance" | "modified" | "issued";

export interface Request {
  q: string;
  filters: Record<string, string[]>; // all facets must hold, any of a facet's values
  sort: Sort;
  page: number; // from 1
  size: number;
}

export interface Result {
  total: number;
  about: boolean; // weaker matches were cut
  page: number; // as answered: limits may have moved it
  size: number;
  rewritten: string[];
  hits: Hit[];
  facets: Record<string, Count[]>;
}

/** One way to understand a query: slots to fill, each by the best of some terms. */
export interface Reading {
  text: string;
  weight: number;
  slots: Alternative[][];
}

export interface Alternative {
  term: string;
  weight: number;
}
