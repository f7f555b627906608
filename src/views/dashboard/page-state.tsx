import { JsonScript } from '../parts/json-script.tsx';
import type { Ui } from '../ui.ts';
import { CORE_MS, HEAT_FROM } from './cores.tsx';
import { LINES, SPAN } from './charts.ts';
import type { Dashboard } from './model.ts';
import { TOP_ROWS } from './top-processes.tsx';

/** What the page's script starts from: the same points that the server has drawn, and the words it needs. */
export function PageState({ ui, model }: { ui: Ui; model: Dashboard }) {
  return (
    <JsonScript
      id="dashboard-state"
      value={{
        range: model.range,
        sort: model.sort,
        from: model.from,
        to: model.to,
        span: SPAN[model.range],
        step: model.step * 1000,
        now: ui.now,
        bootedAt: model.system.bootedAt,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        memoryTotal: model.sample?.memory?.total ?? model.system.memory,
        lines: LINES,
        columns: model.columns,
        cores: model.cores,
        coreTimes: model.coreTimes,
        coreSpan: CORE_MS,
        heatFrom: HEAT_FROM,
        topRows: TOP_ROWS,
        top: model.top,
        text: words(ui),
      }}
    />
  );
}

function words(ui: Ui) {
  const t = ui.t.dashboard;
  const { time } = ui.t.parts;
  return {
    now: t.now,
    ago: t.ago,
    peak: t.peak({ value: '{value}' }),
    noValue: t.noValue,
    cache: t.cache,
    swap: t.swap,
    load: t.load,
    all: t.top.all({ n: '{n}' }),
    up: t.up({ time: '{time}' }),
    busiest: t.busiest({ core: '{core}', load: '{load}' }),
    full: t.disks.full({ days: '{days}' }),
    fullOne: t.disks.full({ days: 1 }),
    fullToday: t.disks.fullToday,
    inodes: t.disks.inodes({ percent: '{percent}' }),
    readOnly: t.disks.readOnly,
    minuteAt: t.minute.at({ time: '{time}' }),
    minuteFailed: t.minute.failed,
    minuteLoading: t.minute.loading,
    day: { one: time.day({ n: 1 }), other: time.day({ n: '{n}' as unknown as number }) },
    hour: time.hour({ n: '{n}' as unknown as number }),
    minute: time.minute({ n: '{n}' as unknown as number }),
    second: time.second({ n: '{n}' }),
    join: time.join,
  };
}
