import { actorText } from '../parts/actor.ts';
import { Icon } from '../parts/icon.tsx';
import { Section } from '../parts/section.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import type { RecentEvent } from './model.ts';

const TONES = { ok: undefined, refused: 'warn', failed: 'danger' } as const;
const ICONS = { ok: 'audit', refused: 'warning', failed: 'alert' } as const;

/** The newest of the audit log; only drawn for those who may read it. */
export function Events({ ui, events }: { ui: Ui; events: readonly RecentEvent[] }) {
  const t = ui.t.dashboard.events;
  return (
    <Section id="events" title={t.title} pane="wide" end={<a class="link xs" href="/audit">{t.all}</a>}>
      {events.length ? (
        <ol class="rows">
          {events.map((event) => (
            <li data-tone={TONES[event.result]}>
              <Icon ui={ui} name={ICONS[event.result]} />
              <span class="grow">{eventText(ui, event)}</span>
              <Time ui={ui} at={event.at} />
            </li>
          ))}
        </ol>
      ) : (
        <p class="small muted">{t.none}</p>
      )}
    </Section>
  );
}

function eventText(ui: Ui, event: RecentEvent) {
  const t = ui.t.audit;
  const what = (t.actions as Record<string, string>)[event.action] ?? event.action;
  return (
    <>
      <b>{actorText(ui.t, event.actor)}</b> · {what}
      {event.target && event.target !== event.actor ? <> · {event.target}</> : null}
      {event.result === 'ok' ? null : <span class={event.result === 'failed' ? 'bad' : 'warn'}> · {t.results[event.result]}</span>}
    </>
  );
}
