// What the built site holds, read from its own machine-readable files, so that no journey names a record that may go.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const build = join(import.meta.dirname, "..", "..", "build");

export interface PageRecord {
  path: string;
  type: string;
  key: string;
  title: { zh: string; en: string };
}

/** All page records of the site, in order of path. */
export function pages(): PageRecord[] {
  const dir = join(build, "data", "pages");
  return readdirSync(dir).sort().flatMap((f) => JSON.parse(readFileSync(join(dir, f), "utf8")) as PageRecord[]);
}

/** What the page of a record shows. */
export function view<T>(type: string, key: string): T {
  return JSON.parse(readFileSync(join(build, "data", "view", type, `${key}.json`), "utf8")) as T;
}

export interface DatasetView {
  id: string;
  title: { zh: string; en: string };
  domain: { label: { zh: string } };
  primary?: { url: string; format: { code: string }; sha256: string; bytes: number };
  preview?: { columns: unknown[]; shown: number };
  open_type: { code: string };
}

/** Datasets with a CSV to download, in order of id. */
export function downloadable(): DatasetView[] {
  return pages().filter((p) => p.type === "dataset").map((p) => view<DatasetView>("dataset", p.key))
    .filter((d) => d.primary?.format.code === "csv" && d.preview !== undefined);
}

/** One page of each type, with the hand-written ones: the addresses that pictures and accessibility checks visit. */
export function onePageOfEachType(): { name: string; path: string }[] {
  const chosen = new Map<string, string>();
  const all = pages();
  for (const p of all) {
    if (!chosen.has(p.type)) chosen.set(p.type, p.path);
  }
  const dataset = downloadable()[0];
  if (dataset) chosen.set("dataset", `datasets/${dataset.id}`);
  const conditional = all.find((p) => p.type === "dataset" && view<DatasetView>("dataset", p.key).open_type.code === "conditional");
  if (conditional) chosen.set("dataset-conditional", conditional.path);
  const closed = all.find((p) => p.type === "entry" && view<{ title_only: boolean }>("entry", p.key).title_only);
  if (closed) chosen.set("entry-closed", closed.path);
  chosen.set("list", "datasets");
  const busiest = all.filter((p) => p.type === "department")
    .map((p) => ({ p, n: view<{ counts: { datasets: number } }>("department", p.key).counts.datasets }))
    .sort((a, b) => b.n - a.n || a.p.path.localeCompare(b.p.path))[0];
  if (busiest) chosen.set("department", busiest.p.path);
  for (const hand of ["about", "terms", "privacy", "developers", "request", "search"]) chosen.set(hand, hand);
  return [...chosen].map(([name, path]) => ({ name, path: path === "" ? "/" : `/${path}/` })).concat({ name: "not-found", path: "/no-such-page/" });
}
