import type { Say } from '../../lib/errors.ts';
import type { Swap } from '../../platform/swap.ts';
import { AskIcon, asks } from '../form/dialog.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Micro } from '../parts/meter.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { SystemFrame } from './frame.tsx';
import { PageFiles } from './page-files.tsx';

export interface SwapModel {
  swap: Swap | null;
  refusal: Say | null;
}

export function SwapPage({ ui, model: { swap, refusal } }: { ui: Ui; model: SwapModel }) {
  const t = ui.t.system.swap;
  const writes = ui.can('system.write') && !refusal && swap !== null;
  const add = writes && !swap.paging ? (
    <a class="btn primary" {...asks('/system/swap/new')}>
      <Icon ui={ui} name="plus" />
      {t.add}
    </a>
  ) : null;
  return (
    <SystemFrame ui={ui} tab="swap" facts={swap ? [t.total({ size: ui.fmt.memory(swap.areas.reduce((sum, { size }) => sum + size, 0)) })] : []} buttons={add}>
      {refusal ? <Banner ui={ui} text={refusal(ui.t)} /> : null}
      {swap && swap.areas.length === 0 ? <Empty ui={ui} icon="memory" title={t.noneTitle} text={swap.paging ? t.pageFilesNone : t.noneText} /> : null}
      {swap && swap.areas.length > 0 ? <Areas ui={ui} swap={swap} writes={writes && !swap.paging} /> : null}
      {swap?.paging ? <PageFiles ui={ui} paging={swap.paging} writes={writes} /> : null}
      {swap && swap.swappiness !== null ? (
        <Section id="swappiness" title={t.swappiness} end={writes ? <a class="btn sm" {...asks('/system/swap/swappiness')}>{t.change}</a> : null}>
          <Kv rows={[[t.value, <><b>{swap.swappiness}</b> <span class="soft">{t.swappinessHint}</span></>]]} />
        </Section>
      ) : null}
    </SystemFrame>
  );
}

function Areas({ ui, swap, writes }: { ui: Ui; swap: Swap; writes: boolean }) {
  const t = ui.t.system.swap;
  return (
    <table class="table">
      <caption class="vh">{ui.t.system.tabs.swap}</caption>
      <thead>
        <tr>
          <th scope="col">{t.place}</th>
          <th scope="col">{t.used}</th>
          <th scope="col" class="num mid">{t.size}</th>
          {swap.paging ? null : <th scope="col" class="num lo">{t.priority}</th>}
          <th scope="col" class="mid">{t.kept}</th>
          {writes ? <th class="fit"><span class="vh">{t.actions}</span></th> : null}
        </tr>
      </thead>
      <tbody>
        {swap.areas.map((area) => (
          <tr>
            <td class="wrap"><b class="mono xs">{area.path}</b> <span class="quiet">{t.kinds[area.kind]}</span></td>
            <td><Micro label={t.used} value={area.size ? (100 * area.used) / area.size : 0} low={50} high={80}>{ui.fmt.memory(area.used)}</Micro></td>
            <td class="num mid">{ui.fmt.memory(area.size)}</td>
            {swap.paging ? null : <td class="num lo soft">{area.priority}</td>}
            <td class="mid soft">{area.kept ? t.keptYes : t.keptNo}</td>
            {writes ? (
              <td>
                <div class="acts">
                  <AskIcon ui={ui} href={`/system/swap/remove?path=${encodeURIComponent(area.path)}`} icon="trash" label={t.removeOf({ path: area.path })} title={t.remove} />
                </div>
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
