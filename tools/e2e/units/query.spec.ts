// The port of the search contract against the vectors that the program itself is held to.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { compare } from "../../../themes/portal/assets/ts/search/analyzer";
import { matches } from "../../../themes/portal/assets/ts/search/highlight";
import { near } from "../../../themes/portal/assets/ts/search/rewrite";
import { format, parse } from "../../../themes/portal/assets/ts/search/request";
import type { Reading, Sort } from "../../../themes/portal/assets/ts/search/types";
import { type Corpus, engineOf, newAnalyzer, root, spec } from "./held.ts";

const testdata = join(root, "tools", "internal", "query", "testdata");
const analyzer = newAnalyzer();

test("texts become the terms that the program makes of them", () => {
  const lines = readFileSync(join(testdata, "analyzer.txt"), "utf8").split("\n").filter((l) => l.startsWith('"'));
  expect(lines.length).toBeGreaterThan(100);
  for (const line of lines) {
    const [quoted] = /^"(?:[^"\\]|\\.)*"/.exec(line)!;
    const want = line.slice(quoted.length).split(" ").filter(Boolean);
    expect(analyzer.terms(unquote(quoted)), line).toEqual(want);
  }
});

/** A quoted text of Go. Bytes that are no UTF-8 stand for U+FFFD, which is what a browser would have made of them. */
function unquote(quoted: string): string {
  const simple: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", '"': '"' };
  return quoted.slice(1, -1).replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g, (_, x, u, U, c) => {
    if (x) return x < "80" ? String.fromCharCode(parseInt(x, 16)) : "\ufffd";
    return c ? simple[c]! : String.fromCodePoint(parseInt(u ?? U, 16));
  });
}

interface Vectors extends Corpus {
  cases: {
    name: string; query: string; filters?: Record<string, string[]>; sort?: Sort; page?: number; size?: number;
    readings: Reading[] | null; total: number; about: boolean; hits: { id: string; score: number }[];
  }[];
}

test("queries are read, weighed and ranked as in the program", async () => {
  const v = JSON.parse(readFileSync(join(testdata, "vectors.json"), "utf8")) as Vectors;
  const engine = engineOf(v);
  for (const c of v.cases) {
    const params = new URLSearchParams({ q: c.query, sort: c.sort ?? "", page: String(c.page ?? ""), size: String(c.size ?? "") });
    for (const [facet, values] of Object.entries(c.filters ?? {})) for (const value of values) params.append(facet, value);
    const got = await engine.search(parse(params, spec));
    expect(got.readings, c.name).toEqual(c.readings ?? []);
    expect({ total: got.total, about: got.about }, c.name).toEqual({ total: c.total, about: c.about });
    expect(got.hits.map((h) => h.id), c.name).toEqual(c.hits.map((h) => h.id));
    got.hits.forEach((h, i) => expect(Math.abs(h.score - c.hits[i]!.score), c.name).toBeLessThan(1e-8));
  }
});

test("terms are in the order of their bytes, also beyond the first plane", () => {
  const terms = ["", "a", "ab", "b", "公", "公交", "龥", "\uffee", "𠀀", "𠀀a", "𠀁", "𪚥"];
  for (const [i, a] of terms.entries()) {
    for (const [j, b] of terms.entries()) {
      expect(Math.sign(compare(a, b)), `${a} ${b}`).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(Math.sign(compare(a, b))).toBe(Math.sign(i - j));
    }
  }
});

test("a slip of the hand is one character, or two neighbours swapped", () => {
  for (const [a, b] of [["park", "prk"], ["park", "parks"], ["park", "bark"], ["park", "pakr"], ["park", "paark"]] as const) {
    expect(near(a, b) && near(b, a), `${a} ${b}`).toBe(true);
  }
  for (const [a, b] of [["park", "pa"], ["park", "kprr"], ["park", "krap"], ["park", "parkin"], ["abcd", "badc"]] as const) {
    expect(near(a, b) || near(b, a), `${a} ${b}`).toBe(false);
  }
});

test("marks stand where the search matched", () => {
  const marked = (text: string, query: string): string[] =>
    matches(text, new Set(analyzer.terms(query)), analyzer).map(([from, to]) => text.slice(from, to));
  expect(marked("长宁区公交站点位置", "公交站")).toEqual(["公交站"]);
  expect(marked("公園與公车", "公园")).toEqual(["公園"]);
  expect(marked("Bus ＢＵＳ omnibus", "bus")).toEqual(["Bus", "ＢＵＳ"]);
  expect(marked("㎡以上的𠀀𠀁公园", "𠀀𠀁 公园")).toEqual(["𠀀𠀁公园"]); // marks that touch are one
  expect(marked("体育场馆", "公园")).toEqual([]);
});

test("an address says what is asked, and says it in one way", () => {
  const round = (search: string): string => format(parse(new URLSearchParams(search), spec), spec);
  expect(round("")).toBe("");
  expect(round("?page=2&format=json&q=+公园+&domain=b&domain=a&domain=b&format=")).toBe(`?${new URLSearchParams([
    ["q", "公园"], ["domain", "b"], ["domain", "a"], ["format", "json"], ["page", "2"]])}`);
  expect(round("?sort=price&page=-1&size=9999&q=a")).toBe("?q=a");
  expect(round("?sort=issued&size=100&page=1")).toBe("?sort=issued&size=100");
  expect(parse(new URLSearchParams({ page: "9999", size: "50" }), spec).page).toBe(spec.limits.window / 50);
  expect(parse(new URLSearchParams({ q: "公".repeat(500) }), spec).q).toBe("公".repeat(spec.limits.query));
});
