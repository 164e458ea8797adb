import { join } from "node:path";
import { test } from "@playwright/test";
import { onePageOfEachType } from "./catalogue.ts";

const out = join(import.meta.dirname, "..", "..", "build", "screenshots");

for (const width of [390, 1280]) {
  for (const language of ["zh", "en"]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`${width} ${language} ${colorScheme}`, async ({ page }) => {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        for (const { name, path } of onePageOfEachType()) {
          await page.goto((language === "en" ? "/en" : "") + path);
          await page.screenshot({ path: join(out, `${name}-${width}-${language}-${colorScheme}.png`), fullPage: true });
        }
      });
    }
  }
}

test("print", async ({ page }) => {
  await page.emulateMedia({ media: "print" });
  for (const { name, path } of onePageOfEachType()) {
    await page.goto(path);
    await page.pdf({ path: join(out, `${name}.pdf`), format: "A4" });
  }
});
