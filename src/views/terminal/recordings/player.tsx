import { Icon } from '../../parts/icon.tsx';
import { Switch } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';

const SPEEDS = [0.5, 1, 2, 4, 8] as const;

/** A screen and what plays on it: public/js/terminal/player/. */
export function Player({ ui, src, at }: { ui: Ui; src: string; at: number }) {
  const t = ui.t.recordings;
  return (
    <div class="play" id="play" data-src={src} data-at={String(at)}>
      <noscript>
        <p class="play-note">{t.needsScript}</p>
      </noscript>
      <div class="play-stage" id="play-stage" role="region" aria-label={t.screenLabel} tabindex={0}>
        <div class="play-screen" id="play-screen"></div>
        <p class="play-over" id="play-over" role="status" hidden></p>
      </div>
      <div class="play-bar" id="play-bar" role="group" aria-label={t.player}>
        <button class="btn ghost only" type="button" id="play-toggle" aria-label={t.play} title={t.play} disabled>
          <Icon ui={ui} name="play" />
        </button>
        <input class="play-at" type="range" id="play-at" min="0" max="0" step="any" value="0" aria-label={t.position} disabled />
        <span class="play-time" id="play-time">0:00</span>
        <span class="select play-speed">
          <select id="play-speed" aria-label={t.speed} title={t.speed}>
            {SPEEDS.map((n) => (
              <option value={String(n)} selected={n === 1}>
                {t.times.replace('{n}', ui.fmt.number(n, 1))}
              </option>
            ))}
          </select>
          <Icon ui={ui} name="chevron-down" />
        </span>
        <Switch name="play-skip" label={<span title={t.skipIdleNote}>{t.skipIdle}</span>} checked attrs={{ id: 'play-skip' }} />
      </div>
    </div>
  );
}
