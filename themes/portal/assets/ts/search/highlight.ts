// Marks what was looked for in texts that are shown: the texts are cut into terms once more, so that a mark stands
// exactly where the search matched.
import type { Analyzer } from "./analyzer";
import type { Reading } from "./types";

/** Wraps the matches below an element in <mark>. */
export function highlight(root: Element, readings: Reading[], analyzer: Analyzer): void {
  const wanted = new Set(readings.flatMap((r) => r.slots.flat().map((alt) => alt.term)));
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (texts.nextNode()) nodes.push(texts.currentNode as Text);
  for (const node of nodes) {
    const spans = matches(node.data, wanted, analyzer);
    for (const [from, to] of spans.reverse()) {
      const found = node.splitText(from);
      found.splitText(to - from);
      const mark = document.createElement("mark");
      mark.textContent = found.data;
      found.replaceWith(mark);
    }
  }
}

/** Where a text matches, as joined spans in order. */
export function matches(text: string, wanted: Set<string>, analyzer: Analyzer): [number, number][] {
  // Character by character, so that each folded character knows where it came from.
  let folded = "";
  const from: number[] = [];
  const to: number[] = [];
  let at = 0;
  for (const c of text) {
    const f = analyzer.fold(c);
    for (let i = 0; i < f.length; i++) {
      from.push(at);
      to.push(at + c.length);
    }
    folded += f;
    at += c.length;
  }
  const out: [number, number][] = [];
  for (const { term, at, end } of analyzer.places(folded)) {
    if (!wanted.has(term)) continue;
    const last = out.at(-1);
    if (last && from[at]! <= last[1]) last[1] = to[end - 1]!;
    else out.push([from[at]!, to[end - 1]!]);
  }
  return out;
}
