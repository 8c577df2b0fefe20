interface LooseRowCheck {
  readonly check: string
  readonly message: string
  readonly next: string
  /** Gives one text column, `subject`; both databases understand it. */
  readonly query: string
}

const decideAgain = 'decide again: `harness reconcile`'
const matchAgain = 'decide the horses anew: `harness horses match --all`'
const restore = 'restore a backup: `harness db restore FILE`'

/** What holds between rows, and no constraint of the tables can say. */
export const looseRowChecks: readonly LooseRowCheck[] = [
  {
    check: 'starters-unlinked',
    message: 'starts have no horse',
    next: 'link them: `harness horses match`',
    query: `select cast(id as text) as subject from starters where horse_id is null`,
  },
  {
    check: 'links-differ',
    message: 'starts whose link says another horse, race or date, or is missing',
    next: `${decideAgain}, then \`harness horses match --all\``,
    query: `select cast(s.id as text) as subject
      from starters s
      join races r on r.id = s.race_id
      join meetings m on m.id = r.meeting_id
      left join links l on l.starter_id = s.id
      where s.horse_id is not null and (l.starter_id is null or l.horse_id <> s.horse_id
        or l.race_id <> s.race_id or l.racing_date <> m.meeting_date)`,
  },
  {
    check: 'rulings-misplaced',
    message: 'rulings are of another race than their start',
    next: decideAgain,
    query: `select cast(k.starter_id as text) as subject from rulings k
      join starters s on s.id = k.starter_id
      where k.race_id <> s.race_id`,
  },
  {
    check: 'horses-without-starts',
    message: 'horses have no start',
    next: matchAgain,
    query: `select cast(h.id as text) as subject from horses h
      where not exists (select 1 from links l where l.horse_id = h.id)`,
  },
  {
    check: 'meetings-without-source',
    message: 'meetings are held by no observation',
    next: decideAgain,
    query: `select cast(m.id as text) as subject from meetings m
      where not exists (select 1 from observations o where o.meeting_id = m.id)`,
  },
  {
    check: 'observations-without-meeting',
    message: 'observations belong to no meeting',
    next: decideAgain,
    query: `select source_key as subject from observations where meeting_id is null`,
  },
  {
    check: 'redirects-dangling',
    message: 'redirects lead to an id that is gone',
    next: restore,
    query: `select d.kind || ' ' || cast(d.old_id as text) as subject from redirects d
      where case d.kind
        when 'meeting' then not exists (select 1 from meetings m where m.id = d.id)
        else not exists (select 1 from horses h where h.id = d.id) end`,
  },
  {
    check: 'redirects-live',
    message: 'redirects lead away from an id that is still in use',
    next: decideAgain,
    query: `select d.kind || ' ' || cast(d.old_id as text) as subject from redirects d
      where case d.kind
        when 'meeting' then exists (select 1 from meetings m where m.id = d.old_id)
        else exists (select 1 from horses h where h.id = d.old_id) end`,
  },
  {
    check: 'documents-missing',
    message: 'rows name a document that is not in the archive',
    next: restore,
    query: `select 'observation ' || cast(o.id as text) as subject from observations o
      where o.document_id is not null
        and not exists (select 1 from documents d where d.id = o.document_id)
      union all
      select 'page ' || cast(p.id as text) from pages p
      where p.document_id is not null
        and not exists (select 1 from documents d where d.id = p.document_id)
      union all
      select 'document ' || cast(x.id as text) from documents x
      where x.base_id is not null
        and not exists (select 1 from documents d where d.id = x.base_id)`,
  },
  {
    check: 'questions-about-nothing',
    message: 'questions are about a meeting or a horse that is gone',
    next: `${decideAgain}, then \`harness horses match --all\``,
    query: `select cast(q.id as text) as subject from review_items q
      where case q.kind
        when 'meeting' then not exists (select 1 from meetings m where m.id = q.subject_id)
        else not exists (select 1 from horses h where h.id = q.subject_id) end`,
  },
  {
    check: 'ids-given-twice',
    message: 'counters of ids lag behind the ids in use',
    next: restore,
    query: `select c.kind as subject from id_counters c
      where c.next <= case c.kind
        when 'meeting' then (select coalesce(max(id), 0) from meetings)
        when 'race' then (select coalesce(max(id), 0) from races)
        when 'starter' then (select coalesce(max(id), 0) from starters)
        when 'horse' then (select coalesce(max(id), 0) from horses)
        else 0 end`,
  },
]
