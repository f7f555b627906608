import { Icon } from '../parts/icon.tsx';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';
import type { Dashboard } from './model.ts';

/** Which interfaces or disks count into the sum. A popover: it opens, and its form works, without JavaScript. */
export function DeviceChoice({ ui, model, kind }: { ui: Ui; model: Dashboard; kind: 'interfaces' | 'disks' }) {
  const t = ui.t.dashboard;
  const devices = model[kind];
  const label = kind === 'interfaces' ? t.chooseInterfaces : t.chooseDisks;
  const may = ui.can('settings.write');
  const here = new Set((model.sample?.[kind] ?? []).map((row) => row.name));
  const rows = devices.map((device) => (
    <Option
      name="shown"
      value={device.name}
      label={<span class="mono">{device.name}</span>}
      checked={device.shown}
      disabled={!may}
      note={device.shown && model.sample && !here.has(device.name) ? t.notThere : undefined}
    />
  ));
  return (
    <>
      <button class="btn ghost only sm" type="button" popovertarget={`${kind}-choice`} aria-label={label} title={label}>
        <Icon ui={ui} name="filter" />
      </button>
      <div class="choice" id={`${kind}-choice`} popover="auto" role="group" aria-labelledby={`${kind}-choice-h`}>
        <form method="post" action="/dashboard/devices">
          <h3 id={`${kind}-choice-h`}>{kind === 'interfaces' ? t.countedInterfaces : t.countedDisks}</h3>
          {rows.length ? <div class="stack-sm">{rows}</div> : <p>{kind === 'interfaces' ? t.noInterfaces : t.noDisks}</p>}
          <input type="hidden" name="kind" value={kind} />
          <input type="hidden" name="range" value={model.range} />
          {may ? (
            rows.length ? (
              <button class="btn sm primary" type="submit">
                {t.apply}
              </button>
            ) : null
          ) : (
            <p>{t.onlyAdmin}</p>
          )}
        </form>
      </div>
    </>
  );
}
