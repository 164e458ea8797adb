// The search of the portal over plain files. Pages load this when somebody goes to a search box, the search page at once.
import settings from "@params";
import { SearchBox } from "./box";
import { Client } from "./client";
import { Words } from "./dom";
import { SearchPage } from "./page";

const { texts, lang, root } = settings;
const words = new Words(texts, lang, root);

/** The client of this page, for whoever wants to ask it. */
export const client = new Client(settings);

if ("DecompressionStream" in globalThis) {
  const results = document.getElementById("odc-results");
  if (results) new SearchPage(results, client, settings.spec, words);
  client.warm();
  for (const form of document.querySelectorAll<HTMLFormElement>("form[role=search]")) {
    const input = form.querySelector<HTMLInputElement>("input[name=q]");
    if (input) new SearchBox(form, input, client, words);
  }
}
