import { calendarSection } from './calendar.ts'
import type { DashboardData } from './dashboard-data.ts'
import { html } from './html.ts'
import { pageMark } from './page-mark.ts'

/** The whole page. */
export function renderDashboard(data: DashboardData): string {
  return `<!doctype html>\n${html`<html lang="en">
    ${calendarSection(data)}
  </html>`}${pageMark}`
}
