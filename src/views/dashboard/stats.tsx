import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { describe, LINES, type ChartName } from './charts.ts';
import { DeviceChoice } from './devices.tsx';
import type { Dashboard } from './model.ts';
import { svgPaths } from './series.ts';

/** The four charts with their figures. The server draws them; the page's script takes them over and moves them on. */
export function Stats({ ui, model }: { ui: Ui; model: Dashboard }) {
  const t = ui.t.dashboard;
  const { sample } = model;
  const memory = sample?.memory ?? null;
  const used = memory ? ui.fmt.memoryPair(memory.used, memory.total) : null;
  const none = <span class="muted">–</span>;
  return (
    <div class="panes of-4" id="stats">
      <Stat ui={ui} model={model} name="cpu" title={t.cpu} known={sample?.cpu != null} end={<Load ui={ui} load={sample?.load ?? null} />}>
        <span>{sample?.cpu != null ? <><span data-live="cpu">{ui.fmt.number(sample.cpu)}</span><small>%</small></> : none}</span>
      </Stat>
      <Stat ui={ui} model={model} name="memory" title={t.memory} known={memory !== null} end={<Cache ui={ui} memory={memory} />}>
        <span>{used ? <><span data-live="memory">{used.used}</span><small>/ <span data-live="memory-total">{`${used.total} ${used.unit}`}</span></small></> : none}</span>
      </Stat>
      <Stat
        ui={ui} model={model} name="network" title={t.network} known={sample?.network != null}
        beside={<DeviceChoice ui={ui} model={model} kind="interfaces" />}
        end={<div class="legend"><span>{t.in}</span><span>{t.out}</span></div>}
      >
        <Rate name="rx" label={t.in} figure={sample?.network ? ui.fmt.bitsFigure(sample.network.rx) : null} />
        <Rate name="tx" label={t.out} figure={sample?.network ? ui.fmt.bitsFigure(sample.network.tx) : null} />
      </Stat>
      <Stat
        ui={ui} model={model} name="disk" title={t.disk} known={sample?.disk != null}
        beside={<DeviceChoice ui={ui} model={model} kind="disks" />}
        end={<div class="legend"><span>{t.read}</span><span>{t.write}</span></div>}
      >
        <Rate name="read" label={t.read} figure={sample?.disk ? ui.fmt.rateFigure(sample.disk.read) : null} />
        <Rate name="write" label={t.write} figure={sample?.disk ? ui.fmt.rateFigure(sample.disk.write) : null} />
      </Stat>
    </div>
  );
}

function Rate({ name, label, figure }: { name: string; label: string; figure: { value: string; unit: string } | null }) {
  return (
    <span>
      <span class="vh">{label} </span>
      <span data-live={name}>{figure?.value ?? '–'}</span>
      <small data-live={`${name}-unit`}>{figure?.unit ?? ''}</small>
    </span>
  );
}

function Load({ ui, load }: { ui: Ui; load: [number, number, number] | null }) {
  if (!load) return null;
  return (
    <small title={ui.t.dashboard.loadHint}>
      {ui.t.dashboard.load} <span data-live="load">{load.map((n) => n.toFixed(2)).join(' · ')}</span>
    </small>
  );
}

function Cache({ ui, memory }: { ui: Ui; memory: { cache: number; swapTotal: number; swapUsed: number } | null }) {
  if (!memory) return null;
  const t = ui.t.dashboard;
  return (
    <small>
      {t.cache} <span data-live="cache">{ui.fmt.memory(memory.cache)}</span>
      {memory.swapTotal ? <> · {t.swap} <span data-live="swap">{ui.fmt.memory(memory.swapUsed)}</span></> : null}
    </small>
  );
}

interface StatProps {
  ui: Ui;
  model: Dashboard;
  name: ChartName;
  title: string;
  known: boolean;
  beside?: Child;
  end: Child;
  children: Child;
}

function Stat({ ui, model, name, title, known, beside, end, children }: StatProps) {
  return (
    <article class="stat" aria-labelledby={`${name}-h`}>
      <header>
        <h2 id={`${name}-h`}>{title}</h2>
        {beside}
        {end}
      </header>
      <p class="figures">{children}</p>
      <Chart ui={ui} model={model} name={name} />
      {known ? null : <Unknown ui={ui} model={model} name={name} />}
    </article>
  );
}

function Unknown({ ui, model, name }: { ui: Ui; model: Dashboard; name: ChartName }) {
  const t = ui.t.dashboard;
  if (!model.sample) return <p class="small muted" data-unknown={name}>{t.waiting}</p>;
  const { missing } = model.system;
  return (
    <p class="small muted" data-unknown={name}>
      {t.unknown[name]} {missing.length ? t.missing({ sources: ui.fmt.list(missing) }) : null}
    </p>
  );
}

function Chart({ ui, model, name }: { ui: Ui; model: Dashboard; name: ChartName }) {
  const t = ui.t.dashboard;
  const { columns, range, from, to } = model;
  const drawn = describe(name, columns, model.sample?.memory?.total ?? model.system.memory, ui.fmt, t);
  return (
    <figure class="chart" data-chart={name}>
      <div class="plot">
        <svg viewBox="0 0 300 100" preserveAspectRatio="none" role="img" aria-label={drawn.label}>
          <line class="rule" x2="300" y1="0" y2="0" />
          <line class="rule" x2="300" y1="50" y2="50" />
          <line class="rule base" x2="300" y1="100" y2="100" />
          {LINES[name].map((line, i) => {
            const path = svgPaths(columns.at, columns[line], { from, to, top: drawn.top });
            return (
              <>
                <path class={i ? 's2 area' : 'area'} d={path.area} />
                <path class={i ? 's2 line' : 'line'} d={path.line} />
              </>
            );
          })}
        </svg>
      </div>
      <div class="tip" aria-hidden="true"></div>
      <span class="ymax" aria-hidden="true">{drawn.topText}</span>
      <span class="yhalf" aria-hidden="true">{drawn.halfText}</span>
      <figcaption class="axis">
        <span data-axis="from">{t.ago[range]}</span>
        <Peak ui={ui} range={range} peak={drawn.peak} />
        <span data-axis="to">{t.now}</span>
      </figcaption>
    </figure>
  );
}

/** In history the peak leads to what ran then: the way there without a mouse and without JavaScript. */
function Peak({ ui, range, peak }: { ui: Ui; range: Dashboard['range']; peak: { text: string; at: number } | null }) {
  const t = ui.t.dashboard;
  if (!peak) return <span data-axis="peak"></span>;
  const text = t.peak({ value: peak.text });
  if (range === 'live') return <span data-axis="peak">{text}</span>;
  return (
    <a class="link" data-axis="peak" data-minute href={`/dashboard/processes?at=${peak.at}`} title={t.peakAt({ time: ui.fmt.dateTime(peak.at) })}>
      {text}
    </a>
  );
}
