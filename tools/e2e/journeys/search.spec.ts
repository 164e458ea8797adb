import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { downloadable } from "../catalogue.ts";

const count = (page: Page) => page.locator(".odc-browse__count");
const titles = (page: Page) => page.locator(".odc-card__title");
const box = (page: Page) => page.getByRole("main").getByRole("combobox");

/** Pages of a plain host: nothing is filled in before they are sent, and there is no API. */
async function plainHost(page: Page): Promise<void> {
  await page.route("**/api/**", (route) => route.fulfill({ status: 404 }));
  await page.route(/\/search\/\?/, async (route) => {
    const url = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: url.origin + url.pathname }) });
  });
}

test.describe("on a plain host", () => {
  test.beforeEach(({ page }) => plainHost(page));

  for (const [how, typed] of [["Chinese", "公交站"], ["pinyin", "gongjiaozhan"], ["initials", "gjz"], ["traditional characters", "公車站"],
    ["a question", "请问哪里有公交站？"], ["English", "bus stops"]] as const) {
    test(`the bus stops are found by ${how}`, async ({ page }) => {
      await page.goto("/search/");
      await box(page).fill(typed);
      await box(page).press("Enter");
      await expect(titles(page).first()).toContainText("公交站");
      await expect(count(page)).toContainText("找到");
    });
  }

  test("what was looked for is marked", async ({ page }) => {
    await page.goto("/search/?q=gongjiaozhan");
    await expect(titles(page).first().locator("mark")).toHaveText("公交站");
  });

  test("a filter is counted, shared by its address, and taken back", async ({ page, context }) => {
    await page.goto(`/search/?q=${encodeURIComponent("长宁区")}`);
    await expect(titles(page).first()).toBeVisible();
    const value = page.locator(".odc-facets a").filter({ hasNotText: /^$/ }).first();
    const n = await value.locator(".odc-count").innerText();
    await value.click();
    await expect(page).toHaveURL(/&\w+=/);
    await expect(page.locator(".odc-filter")).toHaveCount(1);
    await expect(count(page)).toContainText(n);
    await expect(value.and(page.locator(":focus")), "focus stays where it was").toHaveCount(1);
    const filtered = await titles(page).allInnerTexts();

    const other = await context.newPage();
    await plainHost(other);
    await other.goto(page.url());
    await expect(titles(other)).toHaveText(filtered);
    await other.reload();
    await expect(titles(other)).toHaveText(filtered);

    await page.goBack();
    await expect(page.locator(".odc-filter")).toHaveCount(0);
    await page.goForward();
    await expect(titles(page)).toHaveText(filtered);
    await page.locator(".odc-filter").click();
    await expect(page.locator(".odc-filter")).toHaveCount(0);
    await expect(page).not.toHaveURL(/&/);
  });

  test("pages and sorts are in the address, and the back button leads to the search before", async ({ page }) => {
    await page.goto("/search/?q=");
    const first = await titles(page).first().innerText();
    await page.locator('.odc-pager a[rel="next"]').click();
    await expect(page).toHaveURL(/page=2/);
    await expect(page.locator(".odc-pager [aria-current]")).toHaveText("2");
    await expect(titles(page).first()).not.toHaveText(first);
    await page.locator(".odc-browse__sort a").last().click();
    await expect(page).toHaveURL(/sort=issued/);
    await expect(page).not.toHaveURL(/page=/);
    await page.goBack();
    await expect(page.locator(".odc-pager [aria-current]")).toHaveText("2");
    await page.goBack();
    await expect(titles(page).first()).toHaveText(first);
  });

  test("the box completes by pinyin with the keyboard", async ({ page }) => {
    await page.goto("/");
    await box(page).or(page.locator("#q")).first().click();
    await page.keyboard.type("gongj");
    const options = page.getByRole("option");
    await expect(options.first()).toBeVisible();
    await page.keyboard.press("ArrowDown");
    const text = await page.locator("#q").inputValue();
    expect(text).toMatch(/^\p{Script=Han}/u);
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowUp");
    expect(await page.locator("#q").inputValue()).toBe("gongj");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("listbox")).toBeHidden();
    await page.keyboard.type("i");
    await options.first().click();
    await expect(page).toHaveURL(/\/search\/\?q=%/);
    await expect(titles(page).first()).toBeVisible();
  });

  test("nothing is asked while an input method composes", async ({ page }) => {
    await page.goto("/search/");
    const session = await page.context().newCDPSession(page);
    await box(page).click();
    for (const text of ["g", "go", "gon", "gong"]) await session.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(400); // longer than the pause after which suggestions come: nothing is awaited here
    await expect(page.getByRole("listbox")).toBeHidden();
    await session.send("Input.insertText", { text: "公" });
    await expect(page.getByRole("option").first()).toBeVisible();
  });

  test("nothing found leads on", async ({ page }) => {
    await page.goto(`/search/?q=${encodeURIComponent("公园")}&domain=nonsense`);
    await expect(count(page)).toContainText("没有找到");
    await page.locator(".odc-none").getByRole("link", { name: /nonsense/ }).click();
    await expect(titles(page).first()).toBeVisible();
    await page.goto("/search/?q=zzzzqqqq");
    await expect(count(page)).toContainText("zzzzqqqq");
    await expect(page.locator(".odc-none").locator('a[href="/request/"]')).toBeVisible();
  });

  test("when the files are gone, the ways to browse stay", async ({ page }) => {
    await page.route("**/search/*/**", (route) => route.fulfill({ status: 404 }));
    let manifests = 0;
    page.on("request", (r) => void (r.url().endsWith("manifest.json") && manifests++));
    await page.goto(`/search/?q=${encodeURIComponent("公园")}`);
    await expect(count(page)).toContainText("现在无法搜索");
    await expect(page.locator(".odc-ways a").first()).toBeVisible();
    expect(manifests, "the manifest is read again once").toBe(2);
  });

  test("results and suggestions pass axe and fit a phone", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/search/?q=${encodeURIComponent("公园")}`);
    await page.locator(".odc-facets__button").click();
    await expect(page.locator(".odc-facets a").first()).toBeVisible();
    await box(page).fill("gong");
    await expect(page.getByRole("option").first()).toBeVisible();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`), colorScheme).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  });

  test("a search on a slow line", async ({ page }, info) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 });
    let bytes = 0;
    session.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
    await page.goto(`/search/?q=${encodeURIComponent("公园")}`);
    await expect(titles(page).first()).toBeVisible();
    const ms = await page.evaluate(() => Math.round(performance.now()));
    info.annotations.push({ type: "150 ms, 1.6 Mbit/s, cold", description: `results after ${ms} ms, ${Math.round(bytes / 1024)} KB with the page` });
    console.log(`cold search at 150 ms, 1.6 Mbit/s: results after ${ms} ms, ${Math.round(bytes / 1024)} KB with page, style and scripts`);
    expect(ms).toBeLessThan(10_000);
  });
});

test.describe("on a server", () => {
  test("the client takes over what the server has painted, without another answer", async ({ page, browser, baseURL }) => {
    for (const address of ["/search/?q=%E5%85%AC%E5%9B%AD", "/search/?q=park&format=csv", "/en/search/?q=%E5%85%AC%E4%BA%A4%E7%AB%99", "/search/?q=zzzzqqqq", "/search/?q=&page=2"]) {
      const plain = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL! });
      const server = await plain.newPage();
      await server.goto(address);
      const want = normal(await server.locator("#odc-results").innerText());
      await plain.close();

      await page.goto(address);
      await expect(page.locator("#odc-results")).toHaveText(/./);
      expect(normal(await page.locator("#odc-results").innerText()), "what is taken over").toBe(want);
      // Away and back without leaving the page: now the client has painted it.
      await box(page).fill("xxxxyyyy");
      await box(page).press("Enter");
      await expect(count(page)).toContainText("xxxxyyyy");
      await page.goBack();
      await expect.poll(async () => normal(await page.locator("#odc-results").innerText()), { message: `${address} painted by the client` }).toBe(want);
    }
  });
});

const normal = (text: string): string => text.replace(/\s+/g, " ").trim();

test("without JavaScript the form gives the same first result", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL! });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByRole("searchbox").first().fill(downloadable()[0]!.title.zh);
  await page.keyboard.press("Enter");
  await expect(titles(page).first()).toContainText(downloadable()[0]!.title.zh);
  await context.close();
});
