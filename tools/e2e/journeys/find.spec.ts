import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { downloadable } from "../catalogue.ts";

const dataset = downloadable()[0]!;

test("a citizen finds a dataset by a Chinese query, opens it and downloads its CSV", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("searchbox").first().fill(dataset.title.zh);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\/\?q=/);
  await page.getByRole("main").getByRole("link", { name: dataset.title.zh }).first().click();
  await expect(page).toHaveURL(new RegExp(`/datasets/${dataset.id}/`));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(dataset.title.zh);
  await expect(page.getByRole("table").first()).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`a[href$="${dataset.primary!.url}"]`).first().click(),
  ]);
  const bytes = readFileSync((await download.path())!);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(dataset.primary!.sha256);
});

test("the same dataset is found in English", async ({ page }) => {
  await page.goto("/en/");
  await expect(page.locator("html")).toHaveAttribute("lang", /^en/);
  await page.getByRole("searchbox").first().fill(dataset.title.zh);
  await page.keyboard.press("Enter");
  await page.getByRole("main").locator(`a[href="/en/datasets/${dataset.id}/"]`).first().click();
  await expect(page).toHaveURL(new RegExp(`/en/datasets/${dataset.id}/`));
});

test("a search that finds nothing says so and offers a way on", async ({ page }) => {
  await page.goto("/search/?q=zzzzqqqq");
  await expect(page.getByRole("main")).toContainText("没有找到");
  await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a dataset is found by its domain and downloaded", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("main").getByRole("link", { name: new RegExp(dataset.domain.label.zh) }).first().click();
    const link = page.getByRole("main").locator(`a[href="/datasets/${dataset.id}/"]`).first();
    for (let pages = 0; pages < 20 && (await link.count()) === 0; pages++) {
      await page.locator('a[rel="next"]').first().click();
    }
    await link.click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(dataset.title.zh);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`a[href$="${dataset.primary!.url}"]`).first().click(),
    ]);
    const bytes = readFileSync((await download.path())!);
    expect(bytes.length).toBe(dataset.primary!.bytes);
  });

  test("the search form answers with results", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("searchbox").first().fill(dataset.title.zh);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main").locator(`a[href="/datasets/${dataset.id}/"]`).first()).toBeVisible();
  });

  test("every dataset is at most four links away from home", async ({ page, request }) => {
    test.setTimeout(120_000);
    let frontier = ["/"];
    const seen = new Set(frontier);
    const wanted = new Set(downloadable().map((d) => `/datasets/${d.id}/`));
    await page.goto("/");
    for (let depth = 0; depth < 4 && wanted.size > 0; depth++) {
      const next: string[] = [];
      for (const path of frontier) {
        const html = await (await request.get(path)).text();
        for (const m of html.matchAll(/href="?(\/(?:datasets|domains|departments|browse)\/[^"\s>#?]*)/g)) {
          const url = m[1]!;
          if (!seen.has(url)) {
            seen.add(url);
            wanted.delete(url);
            if (!/^\/datasets\/(?!page\/)[^/]+\/$/.test(url)) next.push(url);
          }
        }
      }
      frontier = next;
    }
    expect([...wanted]).toEqual([]);
  });
});

test("code to copy works where the page is read, a citation keeps the official address", async ({ page }) => {
  await page.goto(`/datasets/${dataset.id}/`);
  const origin = new URL(page.url()).origin;
  const official = new URL((await page.locator('link[rel="canonical"]').getAttribute("href"))!).origin;
  const curl = page.locator(".odc-snippets .odc-code").first();
  await expect(curl.locator("code")).toContainText(`${origin}/data/${dataset.id}/`);
  await expect(curl.locator("[data-copy]")).toHaveAttribute("data-copy", new RegExp(`^curl -O ${origin}/data/`));
  await expect(page.locator(".odc-cite-text")).toContainText(`${official}/datasets/${dataset.id}/`);
});
