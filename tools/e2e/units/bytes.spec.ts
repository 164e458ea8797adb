// The reader of search files takes nothing on trust. Each case breaks one thing in a file that is sound.
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { Bytes, payload, postings, router, shard, Stale } from "../../../themes/portal/assets/ts/search/bytes";

const uv = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...uv(Math.floor(n / 128))]);
const text = (s: string): number[] => [...Buffer.from(s)];
const term = (shared: number, rest: string): number[] => [...uv(shared), ...uv(Buffer.byteLength(rest)), ...text(rest)];
const header = (kind: string, length: number, format = 1, flags = 0, tier = 0): number[] => [...text(`ODCS${kind}`), format, flags, tier, ...uv(length)];
const bytes = (...parts: number[]): Bytes => new Bytes(Uint8Array.from(parts));

function open(inflated: number[], kind = "s", limit = 1 << 20, pack: (b: Buffer) => Buffer = (b) => gzipSync(b)): Promise<Bytes> {
  return payload(new Blob([Uint8Array.from(pack(Buffer.from(inflated)))]).stream(), kind, limit);
}

test("a sound file gives its payload", async () => {
  const b = await open([...header("s", 3), 1, 2, 3]);
  expect([b.left, b.byte(), b.byte(), b.byte(), b.left]).toEqual([3, 1, 2, 3, 0]);
});

const broken: [string, () => Promise<unknown>][] = [
  ["not packed", () => open([...header("s", 0)], "s", 1 << 20, (b) => b)],
  ["cut short", () => open([...header("s", 1), 1], "s", 1 << 20, (b) => gzipSync(b).subarray(0, -4))],
  ["another magic", () => open([...text("XDCSs"), 1, 0, 0, 0])],
  ["another kind", () => open(header("r", 0))],
  ["another format", () => open(header("s", 0, 2))],
  ["a delta", () => open(header("s", 0, 1, 1))],
  ["a tier", () => open(header("s", 0, 1, 0, 1))],
  ["a longer payload", () => open([...header("s", 0), 1])],
  ["a shorter payload", () => open([...header("s", 2), 1])],
  ["far more than it says", () => open(Array<number>(1 << 20).fill(0), "s", 1 << 16)],
  ["no UTF-8 in the magic", () => open([0xff, 0xff, 0xff, 0xff])],
];
for (const [name, run] of broken) {
  test(`a file is refused: ${name}`, async () => {
    await expect(run()).rejects.toThrow(Stale);
  });
}

test("numbers go to 2³² and no further", () => {
  for (const n of [0, 1, 127, 128, 300, 2 ** 28, 2 ** 31, 2 ** 32 - 1]) expect(bytes(...uv(n)).uv()).toBe(n);
  for (const bad of [[], [128], uv(2 ** 32), uv(2 ** 34), [128, 128, 128, 128, 128, 0], [255, 255, 255, 255, 255, 1]]) {
    expect(() => bytes(...bad).uv(), String(bad)).toThrow(Stale);
  }
});

test("terms share their beginnings and ascend", () => {
  expect(router(bytes(3, ...term(0, "公"), ...term(3, "交"), ...term(0, "𠀀")))).toEqual(["公", "公交", "𠀀"]);
  const wrong: [string, number[]][] = [
    ["none", [0]], ["too many", [65]], ["out of order", [2, ...term(0, "b"), ...term(0, "a")]], ["twice", [2, ...term(0, "b"), ...term(0, "b")]],
    ["shares more than there is", [1, ...term(1, "a")]], ["nothing of its own", [2, ...term(0, "b"), 1, 0]],
    ["longer than the file", [1, 0, 9, ...text("a")]], ["too long", [1, ...term(0, "a".repeat(513))]],
    ["half a character", [1, 0, 1, 0xe5]], ["more than it says", [1, ...term(0, "a"), 0]],
  ];
  for (const [name, b] of wrong) expect(() => router(bytes(...b)), name).toThrow(Stale);
});

test("a shard holds its numbers to their bounds", () => {
  const read = (...b: number[]) => shard(bytes(...b), 10, 2, 6);
  const got = read(2, ...term(0, "a"), 0b100001, 2, 4, 2, 4, 1, 3, ...term(1, "b"), 0b10, 9, 1);
  expect(got.get("a")).toEqual([{ field: 0, df: 2, postings: Uint8Array.of(2, 4) }, { field: 5, df: 1, postings: 1 }]);
  expect(got.get("ab")).toEqual([{ field: 1, df: 9, postings: 0 }]);
  const one = [1, ...term(0, "a")];
  const wrong: [string, number[]][] = [
    ["no field", [...one, 0]], ["an unknown field", [...one, 64, 1, 2, 2]], ["no document", [...one, 1, 0, 0]],
    ["more documents than there are", [...one, 1, 11, 0]], ["a list that is not there", [...one, 1, 1, 5]],
    ["postings beyond the end", [...one, 1, 1, 200, 1]], ["an entry beyond the end", [2, ...term(0, "a"), 1, 1, 2, 2]],
    ["something behind", [...one, 1, 1, 2, 2, 0]],
  ];
  for (const [name, b] of wrong) expect(() => read(...b), name).toThrow(Stale);
});

test("postings stay among the documents", () => {
  const { ords, tfs } = postings(bytes(2, 5, 3, 14), 3, 10) as { ords: Uint32Array; tfs: Uint32Array };
  expect([[...ords], [...tfs]]).toEqual([[0, 2, 9], [1, 5, 1]]);
  const wrong: [string, number[], number][] = [
    ["a document twice", [2, 0], 2], ["behind the last", [22], 1], ["fewer than it says", [2], 2], ["more than it says", [2, 2], 1],
    ["no count", [3], 1], ["a huge count", [2], 2 ** 31],
  ];
  for (const [name, b, df] of wrong) expect(() => postings(bytes(...b), df, 10), name).toThrow(Stale);
});

test("any bytes end in an answer or in Stale", () => {
  let seed = 1; // a fixed sequence: a failure can be repeated
  const next = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (let i = 0; i < 20_000; i++) {
    const b = Array.from({ length: next(40) }, () => (next(3) ? next(8) : next(256)));
    for (const read of [() => shard(bytes(...b), 10, 2, 6), () => router(bytes(...b)), () => postings(bytes(...b), next(5), 10)]) {
      try {
        read();
      } catch (e) {
        if (!(e instanceof Stale)) throw e;
      }
    }
  }
});
