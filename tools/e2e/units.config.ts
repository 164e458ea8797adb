import { defineConfig } from "@playwright/test";

// Tests of the search client in Node: no browser, no server.
export default defineConfig({ testDir: "units", reporter: [["list"]], forbidOnly: true });
