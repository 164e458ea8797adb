// The browser must give the answers of the server: the same query over the released files and over the index.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import type { Client } from "../../../themes/portal/assets/ts/search/client";
import { parse } from "../../../themes/portal/assets/ts/search/request";
import type { Result, Term } from "../../../themes/portal/assets/ts/search/types";
import { root, spec } from "../units/held.ts";

interface Document {
  card: { title: { zh: string; en?: string } };
  fields: (string[] | null)[];
  facets: Record<string, Term[] | undefined>;
}

/** A fixed sequence of numbers: a failure can be repeated. */
function sequence(seed: number): (n: number) => number {
  return (n) => (seed = (seed * 48271) % 2147483647) % n;
}

/** Queries as people make them out of what the catalogue holds, and as nobody would. */
function addresses(): string[] {
  const documents = JSON.parse(readFileSync(join(root, "build/data/search.json"), "utf8")) as Document[];
  const next = sequence(20251201);
  const pick = <T>(list: T[]): T => list[next(list.length)]!;
  const words = [
    "gongjiao", "gjz", "gongyuan", "shequshitang", "yljg", "gong", "changning", "公車站", "長寧區", "養老機構", "请问哪里有公园", "停车场有哪些？", "park", "prak",
    "parking", "bus stop", "air quality", "schol", "2025", "PM2.5", "ＡＥＤ", "公", "区", "的数据", "？？", "🚌", "zzzzqqqq", "𠀀𠀁", "a b c d e f g h", "'\"<b>\\%00",
    "公交".repeat(100), "park ".repeat(60),
  ];
  const out = new Set(words.map((q) => `?${new URLSearchParams({ q })}`));
  while (out.size < 560) {
    const d = pick(documents);
    const params = new URLSearchParams();
    const field = pick(d.fields.filter((f) => f?.length)) as string[];
    const text = [...pick(field)];
    const from = next(text.length);
    const piece = text.slice(from, from + 1 + next(8)).join("");
    params.set("q", pick([piece, piece, piece + pick(words.slice(0, 20)), [...piece].reverse().join(""), d.card.title.zh, d.card.title.en ?? "", ""]));
    for (const facet of spec.facets) {
      const values = d.facets[facet];
      if (values?.length && next(6) === 0) params.append(facet, pick(values).code);
      if (values?.length && next(20) === 0) params.append(facet, pick(["nonsense", values[0]!.code]));
    }
    if (next(4) === 0) params.set("sort", pick(spec.sorts));
    if (next(5) === 0) params.set("page", String(1 + next(4)));
    if (next(5) === 0) params.set("size", String(1 + next(40)));
    out.add(`?${params}`);
  }
  return [...out];
}

/** What the client of the page answers. */
async function answers(page: Page, requests: ReturnType<typeof parse>[]): Promise<Result[]> {
  await page.goto("/search/");
  return page.evaluate(async (requests) => {
    const script = document.querySelector<HTMLScriptElement>("script[type=module]")!;
    const { client } = (await import(script.src)) as { client: Client };
    const out: Result[] = [];
    for (const req of requests) out.push(await client.result(req));
    return out;
  }, requests);
}

test("the browser and the server answer alike", async ({ page, request }) => {
  const asked = addresses();
  expect(asked.length).toBeGreaterThan(500);
  const got = await answers(page, asked.map((a) => parse(new URLSearchParams(a), spec)));
  const wrong: string[] = [];
  let found = 0;
  for (const [i, address] of asked.entries()) {
    const reply = await request.get(`/api/search${address}`);
    expect(reply.ok(), address).toBe(true);
    const want = (await reply.json()) as Result;
    const difference = differs(got[i]!, want);
    if (difference) wrong.push(`${decodeURIComponent(address)}: ${difference}`);
    found += want.total > 0 ? 1 : 0;
  }
  expect(wrong).toEqual([]);
  expect(found, "most queries must find something, or nothing is compared").toBeGreaterThan(300);
});

/** What two answers differ in. Scores are compared as shares of the best one. */
function differs(got: Result, want: Result): string {
  const facts = (r: Result): string => JSON.stringify({
    total: r.total, about: r.about, page: r.page, size: r.size, rewritten: r.rewritten, ids: r.hits.map((h) => h.id), cards: r.hits.map((h) => sorted(h.card)),
    facets: spec.facets.map((f) => (r.facets[f] ?? []).map((c) => [c.code, c.n, Boolean(c.selected)])),
  });
  if (facts(got) !== facts(want)) return `the browser says ${facts(got).slice(0, 1500)}, the server ${facts(want).slice(0, 1500)}`;
  const top = Math.max(...want.hits.map((h) => h.score), Number.MIN_VALUE);
  const apart = Math.max(0, ...got.hits.map((h, i) => Math.abs(h.score - want.hits[i]!.score) / top));
  return apart > 1e-9 ? `scores are ${apart} apart` : "";
}

function sorted(o: object): object {
  return Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test("suggestions of the browser are those of the server", async ({ page, request }) => {
  const typed = ["g", "gong", "gongj", "gjz", "公", "公交", "公车", "s", "pa", "park", "区", "", "?", "公園", "shequ", "x y z"];
  await page.goto("/search/");
  const got = await page.evaluate(async (typed) => {
    const script = document.querySelector<HTMLScriptElement>("script[type=module]")!;
    const { client } = (await import(script.src)) as { client: Client };
    return Promise.all(typed.map((t) => client.suggest(t)));
  }, typed);
  for (const [i, q] of typed.entries()) {
    const reply = await request.get(`/api/suggest?${new URLSearchParams({ q })}`);
    expect(got[i], q).toEqual(((await reply.json()) as { suggestions: unknown }).suggestions);
  }
});
