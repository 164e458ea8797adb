// Runs before the first paint, so that a remembered theme or text size does not flash.
// Storage may be forbidden: the page then looks as the system says.
try {
  const root = document.documentElement;
  const theme = localStorage.getItem("odc-theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (localStorage.getItem("odc-size") === "large") root.dataset.size = "large";
} catch {
  // Nothing is remembered.
}
