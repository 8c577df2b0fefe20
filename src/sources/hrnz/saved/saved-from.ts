/** Browsers write the address of a saved page into it. */
export function savedFrom(text: string): string | undefined {
  const head = text.slice(0, 3000)
  const address =
    /<!-- saved from url=\(\d{1,6}\)(https?:\/\/[^\s"'<>]{1,400}) -->/i.exec(head)?.[1] ??
    /<link\s[^>]{0,100}rel=["']?canonical["']?\s[^>]{0,50}href=["'](https?:\/\/[^"'<>]{1,400})/i.exec(
      head,
    )?.[1]
  return address?.replaceAll('&amp;', '&')
}
