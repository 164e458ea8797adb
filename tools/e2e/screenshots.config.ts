import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

// Pictures of every page type into build/screenshots, to be looked at: go run ./tools/test -screenshots
export default defineConfig({ ...base, testMatch: "screenshots.spec.ts", timeout: 300_000 });
