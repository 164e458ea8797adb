// Reads the files of search as if somebody hostile had written them: every number is held to its bound, and what does
// not fit is an error, never a guess. The forms are those of tools/doc/search.md, 6.
import { compare } from "./analyzer";
import type { Postings } from "./score";

/** A file is not what the manifest promised, or not there. Reading the manifest again may help. */
export class Stale extends Error {}

export function need(ok: unknown, what: string): asserts ok {
  if (!ok) throw new Stale(what);
}

/** Inflates at most `limit` bytes, checks the header and gives the payload. */
export async function payload(body: ReadableStream<Uint8Array<ArrayBuffer>>, kind: string, limit: number): Promise<Bytes> {
  const reader = body.pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part; (part = await reader.read()), !part.done; parts.push(part.value)) {
      size += part.value.length;
      need(size <= limit, "a file is too long");
    }
  } catch (e) {
    void reader.cancel().catch(() => undefined);
    throw e instanceof Stale ? e : new Stale("a file does not inflate", { cause: e });
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const bytes = new Bytes(all);
  need(bytes.text(4) === "ODCS" && bytes.text(1) === kind, "a file is of another kind");
  need(bytes.byte() === 1 && bytes.byte() === 0 && bytes.byte() === 0, "a file has another format");
  need(bytes.uv() === bytes.left, "a file has another length");
  return bytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A place in bytes. */
export class Bytes {
  private at = 0;

  constructor(private readonly all: Uint8Array) {}

  get left(): number {
    return this.all.length - this.at;
  }

  byte(): number {
    need(this.left > 0, "a file ends early");
    return this.all[this.at++]!;
  }

  /** A varint of at most 5 bytes, below 2³². */
  uv(): number {
    let n = 0;
    for (let i = 0; i < 5; i++) {
      const b = this.byte();
      n += (b & 0x7f) * 2 ** (7 * i);
      if (b < 0x80) {
        need(n < 2 ** 32, "a number is too great");
        return n;
      }
    }
    throw new Stale("a number is too long");
  }

  take(n: number): Uint8Array {
    need(n <= this.left, "a file ends early");
    return this.all.subarray(this.at, (this.at += n));
  }

  text(n: number): string {
    return decode(this.take(n));
  }

  json(n: number): unknown {
    try {
      return JSON.parse(this.text(n)) as unknown;
    } catch (e) {
      throw new Stale("a file holds no JSON", { cause: e });
    }
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (e) {
    throw new Stale("a text is not UTF-8", { cause: e });
  }
}

/** Reads terms that ascend and share their beginnings. */
export class Terms {
  private before = new Uint8Array();
  private last = "";

  constructor(private readonly bytes: Bytes) {}

  next(): string {
    const shared = this.bytes.uv();
    const length = this.bytes.uv();
    need(shared <= this.before.length && length > 0 && shared + length <= 512, "a term is out of bounds");
    const term = new Uint8Array(shared + length);
    term.set(this.before.subarray(0, shared));
    term.set(this.bytes.take(length), shared);
    const text = decode(term);
    need(compare(text, this.last) > 0, "terms are out of order");
    this.before = term;
    return (this.last = text);
  }
}

/** A term of a shard in a field: postings, or the number of their file. */
export interface ListedField {
  field: number;
  df: number;
  postings: Uint8Array | number;
}

/** Reads a shard of n documents, `lists` files of long postings and `fields` fields. */
export function shard(bytes: Bytes, n: number, lists: number, fields: number): Map<string, ListedField[]> {
  const out = new Map<string, ListedField[]>();
  const terms = new Terms(bytes);
  for (let count = bytes.uv(); count > 0; count--) {
    const term = terms.next();
    const mask = bytes.byte();
    need(mask > 0 && mask < 1 << fields, "a term has unknown fields");
    const entry: ListedField[] = [];
    for (let field = 0; field < fields; field++) {
      if (!(mask & (1 << field))) continue;
      const df = bytes.uv();
      const b = bytes.uv();
      need(df > 0 && df <= n, "a term has more documents than there are");
      need(b % 2 === 0 || (b - 1) / 2 < lists, "a list of postings is not there");
      entry.push({ field, df, postings: b % 2 ? (b - 1) / 2 : bytes.take(b / 2) });
    }
    out.set(term, entry);
  }
  need(bytes.left === 0, "a shard is too long");
  return out;
}

/** Reads the first terms of the shards of a router piece. */
export function router(bytes: Bytes): string[] {
  const count = bytes.uv();
  need(count > 0 && count <= 64, "a router piece is out of bounds");
  const terms = new Terms(bytes);
  const out = Array.from({ length: count }, () => terms.next());
  need(bytes.left === 0, "a router piece is too long");
  return out;
}

/** Reads df postings among n documents. */
export function postings(bytes: Bytes, df: number, n: number): Postings {
  need(df <= bytes.left, "postings end early"); // before room is made for them
  const ords = new Uint32Array(df);
  const tfs = new Uint32Array(df);
  let ord = -1;
  for (let i = 0; i < df; i++) {
    const v = bytes.uv();
    ord += Math.floor(v / 2);
    need(v > 1 && ord < n, "postings are out of bounds");
    ords[i] = ord;
    tfs[i] = v % 2 ? 2 + bytes.uv() : 1;
  }
  need(bytes.left === 0, "postings are too long");
  return { ords, tfs };
}
