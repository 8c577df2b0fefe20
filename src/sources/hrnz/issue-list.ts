import type { ParseIssue } from '../../domain/observation.ts'

const mostIssues = 300

/** Collects what is odd on a page; a page that is odd everywhere does not fill the database. */
export class IssueList {
  readonly #issues: ParseIssue[] = []
  #more = 0

  add(code: string, subject: string, message: string, excerpt?: string): void {
    if (this.#issues.length >= mostIssues) {
      this.#more++
      return
    }
    this.#issues.push({
      code,
      subject: subject.slice(0, 100),
      message,
      ...(excerpt === undefined || excerpt === '' ? {} : { excerpt: excerpt.slice(0, 200) }),
    })
  }

  all(): ParseIssue[] {
    if (this.#more === 0) return this.#issues
    const message = `${this.#more} more issues on this page are not listed`
    return [...this.#issues, { code: 'more-issues', subject: 'meeting', message }]
  }
}
