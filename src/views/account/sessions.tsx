import type { SessionRow } from '../../core/sessions/own.ts';
import { Tag } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { browserName } from './browser.ts';

/** The table that one's own account and the page of a user have in common; `end` is where a row's button posts. */
export function SessionTable({ ui, sessions, end }: { ui: Ui; sessions: readonly SessionRow[]; end?: (id: string) => string }) {
  const t = ui.t.account;
  return (
    <table class="table">
      <caption class="vh">{t.sessions}</caption>
      <thead>
        <tr>
          <th scope="col">{t.device}</th>
          <th scope="col" class="mid">{t.address}</th>
          <th scope="col" class="lo">{t.method}</th>
          <th scope="col" class="mid">{t.since}</th>
          <th scope="col">{t.lastSeen}</th>
          {end ? <th scope="col" class="fit"><span class="vh">{ui.t.parts.actions}</span></th> : null}
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr>
            <td title={session.userAgent}>
              {browserName(ui, session.userAgent)} {session.current ? <Tag ui={ui} tone="ok">{t.thisOne}</Tag> : null}
              <small class="only-narrow muted">{session.ip}</small>
            </td>
            <td class="mid"><code>{session.ip}</code></td>
            <td class="lo soft">{t.methods[session.method] ?? session.method}</td>
            <td class="mid soft"><Time ui={ui} at={session.createdAt} /></td>
            <td class="soft"><Time ui={ui} at={session.lastSeenAt} /></td>
            {end ? <td class="fit">{session.current ? null : <EndButton ui={ui} session={session} action={end(session.id)} />}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EndButton({ ui, session, action }: { ui: Ui; session: SessionRow; action: string }) {
  const t = ui.t.account;
  return (
    <form method="post" action={action}>
      <button class="btn ghost sm" aria-label={t.sessionEndOf({ device: browserName(ui, session.userAgent) })}>
        {t.sessionEnd}
      </button>
    </form>
  );
}

/** Where one is signed in. */
export function SessionsSection({ ui, sessions }: { ui: Ui; sessions: readonly SessionRow[] }) {
  const t = ui.t.account;
  const others =
    sessions.length > 1 ? (
      <form method="post" action="/account/sessions/end-others">
        <button class="btn sm">{t.endOthers}</button>
      </form>
    ) : null;
  return (
    <Section id="sessions" title={t.sessions} note={t.sessionsNote} end={others} flush>
      <SessionTable ui={ui} sessions={sessions} end={(id) => `/account/sessions/${id}/end`} />
    </Section>
  );
}
