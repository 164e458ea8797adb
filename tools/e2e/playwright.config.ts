import { defineConfig } from "@playwright/test";

// The site under test is build/public of this very tree, served by the real server.
export const port = 8321;

export default defineConfig({
  testDir: ".",
  testMatch: ["units/*.spec.ts", "journeys/*.spec.ts"],
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000, // axe on a long page takes a while on a small machine
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: "zh-CN",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    },
  },
  webServer: {
    command: `go tool odc serve --dir ../../build/public --index ../../build/index --addr 127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/`,
    timeout: 120_000,
    reuseExistingServer: false,
  },
});
