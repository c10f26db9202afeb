/** What is used of a page; all of it is missing in Node. */
interface Page {
  readonly document?: EventTarget & { readonly visibilityState: string };
  readonly addEventListener?: EventTarget["addEventListener"];
  readonly removeEventListener?: EventTarget["removeEventListener"];
}

/**
 * Tells when the page was shown, focused or came online (look at the connection now) and when it was hidden (timers are slow
 * from now on). Gives a function that stops it; does nothing where there is no page.
 */
export function watchPage(hint: (hidden: boolean) => void): () => void {
  const page: Page = globalThis;
  const { document } = page;
  if (document === undefined || page.addEventListener === undefined) return () => {};
  const tell = (): void => hint(document.visibilityState === "hidden");
  const events = ["online", "focus", "pageshow"];
  document.addEventListener("visibilitychange", tell);
  for (const event of events) page.addEventListener(event, tell);
  return () => {
    document.removeEventListener("visibilitychange", tell);
    for (const event of events) page.removeEventListener?.(event, tell);
  };
}
