// The address of a search is its state: q, the facets, sort, page and size, as the server reads them.
import { firstRunes } from "./analyzer";
import type { Spec } from "./spec";
import type { Request, Sort } from "./types";

const sorts: Sort[] = ["relevance", "modified", "issued"];
const mostValues = 20; // of one facet are read

/** Reads an address. A person who comes by a broken link gets results, not an error. */
export function parse(params: URLSearchParams, spec: Spec): Request {
  const filters: Request["filters"] = {};
  for (const facet of spec.facets) {
    const values = params.getAll(facet).filter((v) => v && new TextEncoder().encode(v).length <= 100);
    filters[facet] = [...new Set(values)].slice(0, mostValues);
  }
  const sort = params.get("sort") as Sort;
  const size = whole(params.get("size"), spec.limits.default_size, spec.limits.size);
  return {
    q: firstRunes(params.get("q") ?? "", spec.limits.query).trim(),
    filters,
    sort: sorts.includes(sort) ? sort : "relevance",
    page: Math.min(whole(params.get("page"), 1, spec.limits.window), Math.floor(spec.limits.window / size)),
    size,
  };
}

/** Whether an address carries a query or a filter; without one the page shows ways to browse. */
export function asksSomething(params: URLSearchParams, spec: Spec): boolean {
  return ["q", ...spec.facets, "sort", "page", "size"].some((name) => params.has(name));
}

/** Writes the parameters of a request, with ?, or nothing: parameters in a fixed order, usual values left out. */
export function format(req: Request, spec: Spec): string {
  const out = new URLSearchParams();
  if (req.q) out.append("q", req.q);
  for (const facet of spec.facets) for (const value of req.filters[facet] ?? []) out.append(facet, value);
  if (req.sort !== "relevance") out.append("sort", req.sort);
  if (req.page > 1) out.append("page", String(req.page));
  if (req.size !== spec.limits.default_size) out.append("size", String(req.size));
  const text = out.toString();
  return text && `?${text}`;
}

function whole(text: string | null, otherwise: number, most: number): number {
  const n = /^\+?\d{1,9}$/.test(text ?? "") ? Number(text) : 0;
  return n >= 1 && n <= most ? n : otherwise;
}
