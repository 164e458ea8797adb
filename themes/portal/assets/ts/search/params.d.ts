// What the templates hand to the script when it is built: layouts/_partials/search-script.html.
declare module "@params" {
  const settings: import("./client").Settings & {
    texts: Record<string, string>;
    lang: string;
    root: string;
  };
  export default settings;
}
