import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { onePageOfEachType } from "../catalogue.ts";

const phone = { width: 390, height: 844 };

for (const { name, path } of onePageOfEachType()) {
  for (const language of ["", "/en"]) {
    test(`${name}${language} passes axe in light and dark, and fits a phone`, async ({ page }) => {
      const errors: string[] = [];
      page.on("pageerror", (e) => errors.push(String(e)));
      page.on("console", (m) => {
        // The page that does not exist answers 404, which the browser reports as an error of its own.
        if (m.type() === "error" && !(name === "not-found" && m.text().includes("404"))) errors.push(m.text());
      });
      await page.setViewportSize(phone);
      await page.goto(language + path);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`), colorScheme).toEqual([]);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, "nothing pushes the page sideways").toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await expect(page.locator("h1")).toHaveCount(1);
      const foreign = await page.evaluate(() => performance.getEntriesByType("resource").map((r) => r.name).filter((u) => !u.startsWith(location.origin)));
      expect(foreign, "nothing is loaded from elsewhere").toEqual([]);
    });
  }
}

test("the whole frame works by keyboard", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  await expect(skip).toHaveAttribute("href", /^#/);
  await page.keyboard.press("Enter");
  await expect(page.locator(":focus, :target").first()).toBeVisible();
});

test("the site says that it is a demonstration", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("演示站点，非政府网站").first()).toBeVisible();
});

test("theme and large type are remembered from page to page", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/about/");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
  const [light, normal] = [await paper(), await size()];

  const theme = page.locator("[data-module=theme]").first();
  for (let i = 0; i < 3 && (await paper()) === light; i++) await theme.click();
  const dark = await paper();
  expect(dark, "the switch reaches the dark theme").not.toBe(light);
  await page.locator("[data-module=text-size]").first().click();
  expect(await size()).toBeGreaterThan(normal * 1.2);

  await page.goto("/datasets/");
  expect(await paper()).toBe(dark);
  expect(await size()).toBeGreaterThan(normal * 1.2);
});

test("large type fits every width", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("odc-size", "large"));
  for (const width of [320, 640, 960, 1100]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/datasets/", "/en/datasets/", "/laws/", "/en/stats/"]) {
      await page.goto(path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});
