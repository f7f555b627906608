import { Icon } from '../parts/icon.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import type { Dashboard } from './model.ts';
import { svgPaths } from './series.ts';

/** From this many cores on, one coloured cell each instead of one line each. */
export const HEAT_FROM = 16;

/** Six shades of a cell; the number stands in it. */
export const heatLevel = (load: number) => Math.max(0, Math.min(5, Math.ceil(load / 20)));

export function Cores({ ui, model }: { ui: Ui; model: Dashboard }) {
  const t = ui.t.dashboard;
  const cores = model.sample?.cores ?? [];
  const hottest = model.sample?.sensors.reduce<number | null>((most, sensor) => Math.max(most ?? sensor.celsius, sensor.celsius), null) ?? null;
  const note = (
    <>
      {t.coresOnline({ n: cores.length || model.system.cores, model: model.system.cpuModel })}
      {hottest === null ? null : <>{t.comma}<span data-live="hottest">{celsius(ui, hottest)}</span></>}
      {cores.length < HEAT_FROM ? null : <>{t.comma}<Busiest ui={ui} cores={cores} /></>}
    </>
  );
  return (
    <Section id="cores" title={t.cores} note={note}>
      {cores.length === 0 ? (
        <p class="small muted" data-unknown="cores">{model.sample ? t.coresUnknown : t.waiting}</p>
      ) : cores.length < HEAT_FROM ? (
        <CoreLines ui={ui} cores={cores} history={model.cores} times={model.coreTimes} />
      ) : (
        <CoreHeat ui={ui} cores={cores} />
      )}
      <Temperatures ui={ui} sensors={model.sample?.sensors ?? []} />
    </Section>
  );
}

interface CoreLinesProps {
  ui: Ui;
  cores: readonly number[];
  history: readonly (readonly number[])[];
  times: readonly number[];
}

function CoreLines({ ui, cores, history, times }: CoreLinesProps) {
  const to = times.at(-1) ?? 0;
  return (
    <ol class="cores" id="core-list" data-cores={cores.length}>
      {cores.map((load, i) => {
        const values = history[i] ?? [load];
        const path = svgPaths(times, values, { from: to - CORE_MS, to, top: 100 });
        return (
          <li>
            <span>{ui.t.dashboard.core({ n: i })}</span>
            <b>{ui.fmt.percent(load)}</b>
            <div class="chart">
              <svg viewBox="0 0 300 100" preserveAspectRatio="none" aria-hidden="true">
                <line class="rule base" x2="300" y1="100" y2="100" />
                <path class="area" d={path.area} />
                <path class="line" d={path.line} />
              </svg>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** What a core's line shows, in ms: as much as the live charts above it. */
export const CORE_MS = 5 * 60_000;

function CoreHeat({ ui, cores }: { ui: Ui; cores: readonly number[] }) {
  return (
    <ol class="core-heat" id="core-list" data-cores={cores.length}>
      {cores.map((load, i) => (
        <li data-level={heatLevel(load)} title={ui.t.dashboard.core({ n: i })}>
          <small>{i}</small>
          <b>{ui.fmt.percent(load)}</b>
        </li>
      ))}
    </ol>
  );
}

/** Among many cells the one that matters is named. */
function Busiest({ ui, cores }: { ui: Ui; cores: readonly number[] }) {
  const most = cores.reduce((best, load, i) => (load > cores[best]! ? i : best), 0);
  return <span data-live="busiest">{ui.t.dashboard.busiest({ core: most, load: ui.fmt.percent(cores[most]!) })}</span>;
}

const celsius = (ui: Ui, degrees: number) => `${ui.fmt.number(degrees)} °C`;

/** Only where the machine has sensors that can be read. */
function Temperatures({ ui, sensors }: { ui: Ui; sensors: readonly { name: string; celsius: number }[] }) {
  if (!sensors.length) return null;
  return (
    <section class="sensors" aria-labelledby="temperatures-h">
      <h3 id="temperatures-h">
        <Icon ui={ui} name="temperature" />
        {ui.t.dashboard.temperatures}
      </h3>
      <dl>
        {sensors.map((sensor) => (
          <div>
            <dt class="clip" title={sensor.name}>
              {sensor.name}
            </dt>
            <dd data-sensor={sensor.name}>{celsius(ui, sensor.celsius)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
