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
        <CoreLines ui={ui} cores={cores} history={model.cores} />
      ) : (
        <CoreHeat ui={ui} cores={cores} />
      )}
      <Temperatures ui={ui} sensors={model.sample?.sensors ?? []} />
    </Section>
  );
}

function CoreLines({ ui, cores, history }: { ui: Ui; cores: readonly number[]; history: readonly (readonly number[])[] }) {
  return (
    <ol class="cores" id="core-list" data-cores={cores.length}>
      {cores.map((load, i) => {
        const values = history[i] ?? [load];
        // The newest stands at the end, also when there are few.
        const at = values.map((_, place) => CORE_POINTS - values.length + place);
        const path = svgPaths(at, values, { from: 0, to: CORE_POINTS - 1, top: 100 });
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

/** Points of a core's line: one a second. */
export const CORE_POINTS = 60;

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
