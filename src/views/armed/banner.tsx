import type { ArmedChange, ArmedResult } from '../../core/armed/armed.ts';
import { actorText } from '../parts/actor.ts';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

/** On every page: what reverts by itself unless it is kept, and what was reverted. Without JavaScript it tells the time. */
export function ArmedBanner({ ui }: { ui: Ui }) {
  if (!ui.armed) return null;
  const { changes, reverted } = ui.armed;
  return (
    <div id="armed" data-armed={changes.length ? '' : undefined} aria-live="polite">
      {changes.map((change) => <Armed ui={ui} change={change} />)}
      {reverted.map((result) => <Reverted ui={ui} result={result} />)}
    </div>
  );
}

function Armed({ ui, change: { id, noun, target, by, until, steps, reverting } }: { ui: Ui; change: ArmedChange }) {
  const t = ui.t.armed;
  return (
    <Banner ui={ui} tone="warn" icon="clock" id={`armed-${id}`} title={t.title({ noun: t.nouns[noun], target })} text={reverting ? t.reverting : [t.text({ time: ui.fmt.time(until, true), by: actorText(ui.t, by) }), t.hints[noun]].filter(Boolean).join(ui.t.parts.list.sentence)}>
      {reverting ? null : (
        <>
          <b class="num" data-until={until} data-server-now={ui.now} data-left={t.left({ n: '{n}' })} data-over={t.reverting} aria-hidden="true">{t.left({ n: ui.fmt.number(Math.max(0, Math.ceil((until - ui.now) / 1000))) })}</b>
          <Act ui={ui} id={id} act="keep" label={t.keep} primary title={t.proof} />
          <Act ui={ui} id={id} act="revert" label={t.revert} />
          <details class="armed-steps">
            <summary class="small">{t.steps}</summary>
            <pre class="snippet">{steps.join('\n')}</pre>
          </details>
        </>
      )}
    </Banner>
  );
}

function Reverted({ ui, result: { id, noun, target, reason, endedAt, steps } }: { ui: Ui; result: ArmedResult }) {
  const t = ui.t.armed;
  const failed = steps.filter(({ ok }) => !ok);
  return (
    <Banner ui={ui} tone={failed.length ? 'danger' : 'ok'} icon={failed.length ? 'alert' : 'refresh'} title={t.title({ noun: t.nouns[noun], target })} text={t.reasons[reason]({ time: ui.fmt.time(endedAt) })}>
      <Act ui={ui} id={id} act="dismiss" label={t.dismiss} />
      {failed.length ? (
        <div class="armed-steps">
          <p class="small">{t.failed({ n: failed.length })}</p>
          <pre class="snippet">{failed.map(({ text, detail }) => `${text}\n${detail}`).join('\n\n')}</pre>
        </div>
      ) : null}
    </Banner>
  );
}

/** A plain form: pressing it opens a page, and so proves that the panel is reached. */
function Act({ ui, id, act, label, primary, title }: { ui: Ui; id: string; act: 'keep' | 'revert' | 'dismiss'; label: string; primary?: boolean; title?: string }) {
  if (!ui.can('armed.write')) return null;
  return (
    <form method="post" action={`/armed/${id}/${act}`}>
      <input type="hidden" name="next" value={ui.here ?? '/'} />
      <button class={primary ? 'btn primary' : 'btn'} type="submit" title={title}>
        {primary ? <Icon ui={ui} name="check" /> : null}
        {label}
      </button>
    </form>
  );
}
