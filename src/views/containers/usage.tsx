import type { Child } from 'hono/jsx';
import type { ContainerDetail } from '../../core/containers/detail.ts';
import type { ContainerUse } from '../../core/containers/stats.ts';
import { svgPaths } from '../dashboard/series.ts';
import { JsonScript } from '../parts/json-script.tsx';
import type { Ui } from '../ui.ts';

/** Seconds across a chart. */
const SPAN_MS = 300_000;

export const USAGE_LINES = { cpu: ['cpu'], memory: ['memory'], network: ['received', 'sent'], disk: ['read', 'written'] } as const;
type ChartName = keyof typeof USAGE_LINES;

/** What it uses: four figures with the last five minutes, as far as somebody looked. The page's script moves them on. */
export function Usage({ ui, one, history }: { ui: Ui; one: ContainerDetail; history: readonly ContainerUse[] }) {
  const t = ui.t.container;
  const last = history.at(-1);
  const limit = last?.memoryLimit || one.memoryLimit;
  return (
    <section aria-label={t.use} id="usage">
      <div class="panes of-4">
        <Stat ui={ui} name="cpu" title={t.cpu} history={history}>
          <span data-figure="cpu">{last ? ui.fmt.percent(last.cpu) : '–'}</span>
        </Stat>
        <Stat ui={ui} name="memory" title={t.memory} history={history} end={limit ? <small data-limit>{t.ofLimit({ limit: ui.fmt.memory(limit) })}</small> : null}>
          <span data-figure="memory">{last ? ui.fmt.memory(last.memory) : '–'}</span>
        </Stat>
        <Stat ui={ui} name="network" title={t.network} history={history} end={<Legend words={[t.received, t.sent]} />}>
          <Rate ui={ui} name="received" label={t.received} value={last?.received} />
          <Rate ui={ui} name="sent" label={t.sent} value={last?.sent} />
        </Stat>
        <Stat ui={ui} name="disk" title={t.disk} history={history} end={<Legend words={[t.read, t.written]} />}>
          <Rate ui={ui} name="read" label={t.read} value={last?.read} />
          <Rate ui={ui} name="written" label={t.written} value={last?.written} />
        </Stat>
      </div>
      <JsonScript id="usage-history" value={history} />
    </section>
  );
}

function Rate({ ui, name, label, value }: { ui: Ui; name: string; label: string; value: number | undefined }) {
  return (
    <span>
      <span class="vh">{label} </span>
      <span data-figure={name}>{value === undefined ? '–' : ui.fmt.rate(value)}</span>
    </span>
  );
}

const Legend = ({ words }: { words: readonly string[] }) => (
  <div class="legend">
    {words.map((word) => (
      <span>{word}</span>
    ))}
  </div>
);

const topText = (ui: Ui, name: ChartName, top: number) => (name === 'cpu' ? ui.fmt.percent(top) : name === 'memory' ? ui.fmt.memory(top) : ui.fmt.rate(top));

function Stat({ ui, name, title, history, end, children }: { ui: Ui; name: ChartName; title: string; history: readonly ContainerUse[]; end?: Child; children: Child }) {
  const t = ui.t.container;
  const keys = USAGE_LINES[name];
  const to = history.at(-1)?.at ?? ui.now;
  const top = Math.max(1, ...history.flatMap((use) => keys.map((key) => use[key])));
  const lines = keys.map((key) => svgPaths(history.map(({ at }) => at), history.map((use) => use[key]), { from: to - SPAN_MS, to, top }));
  return (
    <article class="stat">
      <header>
        <h2>{title}</h2>
        {end}
      </header>
      <p class="figures small-figures">{children}</p>
      <figure class="chart" data-usage={name}>
        <svg viewBox="0 0 300 100" preserveAspectRatio="none" role="img" aria-label={t.chart({ name: title })}>
          <line class="rule" x1="0" x2="300" y1="0" y2="0" />
          <line class="rule base" x1="0" x2="300" y1="100" y2="100" />
          {lines.map(({ area }, i) => (
            <path class={i ? 'area s2' : 'area'} d={area} />
          ))}
          {lines.map(({ line }, i) => (
            <path class={i ? 'line s2' : 'line'} d={line} />
          ))}
        </svg>
        <span class="ymax" data-top>
          {history.length ? topText(ui, name, top) : ''}
        </span>
        <figcaption class="axis">
          <span>{t.fiveMinutes}</span>
          <span>{t.now}</span>
        </figcaption>
      </figure>
    </article>
  );
}
