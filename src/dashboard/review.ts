import { axisY, barX, text } from '@observablehq/plot'
import type { OpenQuestion } from '../repositories/dashboard.ts'
import { chart } from './chart.ts'
import type { DashboardData } from './dashboard-data.ts'
import { dataTable } from './data-table.ts'
import { whole } from './figures.ts'
import { html, type Html, plain } from './html.ts'
import { ruleWords } from './status.ts'

/** Kinds of questions that are drawn. */
const mostKinds = 12

/** What waits for a person. */
export function reviewSection({ facts }: DashboardData): Html {
  const kinds = facts.questions.slice(0, mostKinds).map((row) => ({
    ...row,
    name: `${row.kind}s: ${ruleWords(plain(row.code, 40))}`,
  }))
  if (kinds.length === 0)
    return html`<p>
      Nothing to decide: every meeting and every link rests on evidence or on your word.
    </p>`
  const most = Math.max(...kinds.map(({ count }) => count))
  return html`${chart(
      {
        width: 640,
        height: 8 + kinds.length * 28,
        marginLeft: 210,
        marginRight: 60,
        marginTop: 4,
        marginBottom: 4,
        x: { domain: [0, most], axis: null },
        y: { domain: kinds.map(({ name }) => name), padding: 0.3, label: null },
        marks: [
          axisY({ tickSize: 0, label: null, tickPadding: 8 }),
          barX(kinds, { x: 'count', y: 'name', fill: 'var(--s3)', rx: 2 }),
          text(kinds, {
            x: 'count',
            y: 'name',
            text: ({ count }: { count: number }) => whole(count),
            dx: 6,
            textAnchor: 'start',
          }),
        ],
      },
      {
        label: 'Open questions by what they ask.',
        table: dataTable(
          'Open questions',
          [
            { title: 'About' },
            { title: 'Reason' },
            { title: 'Open', figures: true },
            { title: 'Oldest racing date' },
          ],
          facts.questions.map(({ kind, code, count, oldest }) => [
            `${kind}s`,
            ruleWords(plain(code, 40)),
            whole(count),
            oldest,
          ]),
        ),
        caption: oldestOf(facts.questions),
      },
    )}
    <h3>The most important ones</h3>
    <ol class="questions">
      ${facts.topQuestions.map(
        (question) =>
          html`<li>
            <p><bdi>${question.question}</bdi></p>
            <p class="quiet">${ruleWords(plain(question.code, 40))} · ${answers(question)}</p>
          </li> `,
      )}
    </ol>`
}

function oldestOf(questions: DashboardData['facts']['questions']): Html {
  const dates = questions.flatMap(({ oldest }) => (oldest === null ? [] : [oldest])).sort()
  return html`${dates.length === 0 ? null : `The oldest is about racing on ${dates[0]}. `}Answer
    them one after the other: <code>harness horses review</code>,
    <code>harness reconcile review</code>.`
}

/** What settles a question at once; a review shows its evidence first. */
function answers({ kind, subjectId, otherId }: OpenQuestion): Html {
  const pair = otherId !== null && otherId !== subjectId
  if (kind === 'meeting')
    return pair
      ? html`one: <code>harness reconcile same ${subjectId} ${otherId}</code> two:
          <code>harness reconcile different ${subjectId} ${otherId}</code>`
      : html`<code>harness reconcile review</code>`
  return pair
    ? html`one: <code>harness horses merge ${subjectId} ${otherId}</code> or look first:
        <code>harness horses review</code>`
    : html`<code>harness horses review</code>, all of it:
        <code>harness horses show ${subjectId}</code>`
}
