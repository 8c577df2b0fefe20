import robotsParserModule from 'robots-parser'

// The package is CommonJS: its types promise a default export that Node hands over as it is.
const robotsParser = robotsParserModule as unknown as typeof robotsParserModule.default

/** The product name under which a site may address us in robots.txt. */
export const robotName = 'harness'

/** A Crawl-delay beyond this is obeyed as a refusal to be crawled at all would be: slowly. */
const longestCrawlDelayMs = 120_000

/**
 * What a robots.txt says to us. `undefined` of the parser means that the URL is of another host than
 * the file: that is no permission.
 */
export function robotsRules(
  robotsUrl: string,
  text: string,
): { allows(url: string): boolean; readonly crawlDelayMs: number } {
  const rules = robotsParser(robotsUrl, text)
  const delay = rules.getCrawlDelay(robotName) ?? 0
  return {
    allows: (url) => rules.isAllowed(url, robotName) === true,
    crawlDelayMs: Number.isFinite(delay)
      ? Math.min(longestCrawlDelayMs, Math.max(0, delay * 1000))
      : 0,
  }
}
