// The search as the pages use it: opened once, opened again when the site was published anew meanwhile.
import { Analyzer } from "./analyzer";
import { Stale } from "./bytes";
import { Engine, type Answer } from "./engine";
import { open } from "./files";
import { Rewriter } from "./rewrite";
import type { FoldTable, Spec } from "./spec";
import { suggest, type Suggestion } from "./suggest";
import type { Request, Result } from "./types";

export interface Settings {
  base: string; // address of the folder of search files
  table: string; // address of the simplified characters
  spec: Spec;
  fold: FoldTable;
}

export class Client {
  readonly analyzer: Analyzer;
  private engine?: Promise<Engine>;

  constructor(private readonly settings: Settings) {
    this.analyzer = new Analyzer(settings.fold);
  }

  /** Runs a question over one set. When a file is gone or another, the manifest is read again, once. */
  async ask<T>(typed: string, question: (engine: Engine) => Promise<T>): Promise<T> {
    await this.learn(typed);
    try {
      return await question(await this.open());
    } catch (e) {
      if (!(e instanceof Stale)) throw e;
      this.engine = undefined;
      return question(await this.open());
    }
  }

  search(req: Request): Promise<Answer> {
    return this.ask(req.q, (engine) => engine.search(req));
  }

  /** The whole answer, as /api/search gives it. */
  async result(req: Request): Promise<Result> {
    return this.ask(req.q, async (engine) => {
      const { readings: _, looked_for: __, facets, ...rest } = await engine.search(req);
      return { ...rest, facets: await facets() };
    });
  }

  suggest(typed: string): Promise<Suggestion[]> {
    return this.ask(typed, (engine) => suggest(engine, typed));
  }

  /** Begins to load what every query needs. */
  warm(): void {
    this.open().then((engine) => engine.source.warm()).catch(() => undefined);
  }

  private open(): Promise<Engine> {
    const { base, spec } = this.settings;
    this.engine ??= open(base, spec).then((files) => new Engine(spec, this.analyzer, new Rewriter(spec, this.analyzer, files), files, files));
    this.engine.catch(() => (this.engine = undefined));
    return this.engine;
  }

  /** Fetches the table of simplified characters when a text needs it. */
  private async learn(text: string): Promise<void> {
    if (!this.analyzer.needsTable(text)) return;
    const answer = await fetch(this.settings.table);
    if (!answer.ok) throw new Error(`the table of characters answers ${answer.status}`);
    this.analyzer.setTable(await answer.text());
  }
}
