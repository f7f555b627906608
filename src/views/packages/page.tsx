import type { Say } from '../../lib/errors.ts';
import type { PackageTool, PackageUpdates } from '../../platform/packages.ts';
import { AskIcon, asks } from '../form/dialog.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { Kv } from '../parts/kv.tsx';
import { Time } from '../parts/time.tsx';
import { SystemFrame } from '../system/frame.tsx';
import type { Ui } from '../ui.ts';

export interface PackagesModel {
  tool: PackageTool | null;
  /** null: it cannot be told, and `why` says so. */
  list: PackageUpdates | null;
  why: { text: string; detail: string | undefined } | null;
  refusal: Say | null;
  reboot: readonly string[] | null;
  /** The task that installs something now. */
  task: string | null;
}

const UPGRADE = '/system/packages/upgrade';

export function PackagesPage({ ui, model }: { ui: Ui; model: PackagesModel }) {
  const t = ui.t.packages;
  const { list, why, refusal, reboot, task } = model;
  const writes = ui.can('packages.write') && !refusal;
  const open = list?.updates.filter(({ stays }) => stays === null) ?? [];
  const security = list?.updates.filter((one) => one.security && one.stays !== 'held').length ?? 0;
  const ready = writes && list && !list.interrupted;
  return (
    <SystemFrame
      ui={ui} tab="packages" facts={list ? [t.count({ n: list.updates.length }), ...(security ? [t.securityCount({ n: security })] : [])] : []}
      buttons={ready ? (
        <>
          <a class="btn" {...asks('/system/packages/refresh')}>
            <Icon ui={ui} name="refresh" />
            {t.refresh}
          </a>
          {security ? <a class="btn" {...asks(`${UPGRADE}?which=security`)}>{t.upgradeSecurity}</a> : null}
          {open.length ? <a class="btn primary" {...asks(`${UPGRADE}?which=all`)}>{t.upgradeAll}</a> : null}
        </>
      ) : null}
    >
      {refusal && ui.can('packages.write') ? <Banner ui={ui} tone="warn" text={refusal(ui.t)} /> : null}
      {reboot ? <Banner ui={ui} tone="warn" title={t.rebootTitle} text={reboot.join(', ')}><a class="btn sm" href="/system">{t.toOverview}</a></Banner> : null}
      {task ? <Banner ui={ui} text={t.running}><a class="btn sm" href={`/tasks/${task}`}>{t.toTask}</a></Banner> : list?.busy ? <Banner ui={ui} text={model.tool === 'windows-update' ? t.busyWindows : t.busy} /> : null}
      {list?.unread.map(({ tool, what, why, detail }) => (
        <Banner ui={ui} tone="warn" title={t.unread[what]({ tool: t.tools[tool] })} text={[why(ui.t), detail].filter(Boolean).join(' ')} />
      ))}
      {list?.interrupted ? (
        <Banner ui={ui} tone="danger" title={t.interrupted} text={t.interruptedText}>
          {writes ? <a class="btn sm" {...asks('/system/packages/repair')}>{t.repair}</a> : null}
        </Banner>
      ) : null}
      {list?.interrupted ? <pre class="snippet">{list.interrupted}</pre> : null}
      {why ? (
        <Empty ui={ui} icon="archive" title={t.notTold} text={<>{why.text}{why.detail ? <pre class="snippet">{why.detail}</pre> : null}</>} />
      ) : null}
      {list && list.updates.length === 0 ? <Empty ui={ui} icon="check" title={t.noneTitle} text={t.noneText} /> : null}
      {list && list.updates.length > 0 ? <Updates ui={ui} list={list} writes={Boolean(ready)} /> : null}
      {list ? <About ui={ui} list={list} tool={model.tool} writes={writes} /> : null}
    </SystemFrame>
  );
}

/** What is ticked is installed; without JavaScript the button leads to the same question as a page. */
function Updates({ ui, list, writes }: { ui: Ui; list: PackageUpdates; writes: boolean }) {
  const t = ui.t.packages;
  return (
    <form method="post" action={UPGRADE} hx-post={UPGRADE} hx-target="#form-dialog" hx-select="#dialog-form" hx-swap="innerHTML" hx-sync="#form-dialog:replace">
      <input type="hidden" name="which" value="chosen" />
      {writes ? (
        <div class="toolbar selbar" role="region" aria-label={t.actions}>
          <button class="btn" type="submit">{t.upgradeChosen}</button>
        </div>
      ) : null}
      <table class="table sticky">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            {writes ? <th class="pick"><input type="checkbox" class="check scripted pick-all" aria-label={t.chooseAll} /></th> : null}
            <th scope="col">{t.name}</th>
            <th scope="col" class="mid">{t.installed}</th>
            <th scope="col">{t.newer}</th>
            <th scope="col" class="lo">{t.origin}</th>
            <th scope="col" class="num lo">{t.size}</th>
            {writes ? <th class="fit"><span class="vh">{t.actions}</span></th> : null}
          </tr>
        </thead>
        <tbody>
          {list.updates.map((update) => (
            <Row ui={ui} update={update} writes={writes} />
          ))}
        </tbody>
      </table>
      {list.fresh.length ? <p class="system-note">{t.brings({ names: ui.fmt.list(list.fresh) })}</p> : null}
    </form>
  );
}

function Row({ ui, update, writes }: { ui: Ui; update: PackageUpdates['updates'][number]; writes: boolean }) {
  const t = ui.t.packages;
  const { name, stays, security } = update;
  const shown = update.title ?? name;
  const path = `/system/packages/${encodeURIComponent(name)}`;
  return (
    <tr id={`update-${encodeURIComponent(`${name}.${update.arch}`)}`}>
      {writes ? <td class="pick"><input type="checkbox" class="check" name="names" value={name} disabled={stays === 'held' || stays === 'cut'} aria-label={t.choose({ name: shown })} /></td> : null}
      <td>
        <div class="name">
          {stays === 'cut' ? <b>{shown}</b> : <a {...asks(`${path}/changelog`)} title={t.changelog}><b>{shown}</b></a>}
          {security ? <Tag ui={ui} tone="danger" icon="shield">{t.security}</Tag> : null}
          {stays ? <Tag ui={ui} icon={stays === 'held' ? 'pin' : 'pause'}>{t.stays[stays]}</Tag> : null}
        </div>
      </td>
      <td class="mid soft mono xs wrap">{update.from}</td>
      <td class="mono xs wrap">{update.to}</td>
      <td class="lo soft xs">{update.origin}</td>
      <td class="num lo soft nowrap">{update.size === null ? '' : ui.fmt.bytes(update.size)}</td>
      {writes ? (
        <td>
          <div class="acts">
            {stays === 'cut' ? null : <AskIcon ui={ui} href={`${path}/${stays === 'held' ? 'unhold' : 'hold'}`} icon="pin" label={stays === 'held' ? t.unholdOf({ name: shown }) : t.holdOf({ name: shown })} title={stays === 'held' ? t.unhold : t.hold} />}
          </div>
        </td>
      ) : null}
    </tr>
  );
}

function About({ ui, list, tool, writes }: { ui: Ui; list: PackageUpdates; tool: PackageTool | null; writes: boolean }) {
  const t = ui.t.packages;
  const { automatic, held } = list;
  return (
    <Section id="about" title={t.about}>
      <Kv
        rows={[
          [t.tool, tool && [t.tools[tool], ...(tool === 'windows-update' && !list.unread.some((one) => one.tool === 'winget') ? [t.tools.winget] : [])].join(', ')],
          [t.refreshed, list.refreshedAt === null ? (tool === 'apt' ? t.neverRefreshed : null) : <Time ui={ui} at={list.refreshedAt} />],
          [t.automatic, automatic ? (
            <>
              {tool === 'windows-update' ? (automatic.on ? t.automaticOnWindows : t.automaticOffWindows) : automatic.on ? t.automaticOn({ name: automatic.name }) : automatic.installed ? t.automaticOff({ name: automatic.name }) : t.automaticNone({ name: automatic.name })}{' '}
              {writes ? <a class="btn sm" {...asks(`/system/packages/automatic?to=${automatic.on ? 'off' : 'on'}`)}>{automatic.on ? t.turnOff : t.turnOn}</a> : null}
            </>
          ) : null],
          [t.held, held.length ? (
            <ul class="plain">
              {held.map((name) => (
                <li>
                  <Held name={name} title={list.updates.find((one) => one.name === name)?.title ?? null} /> {writes ? <a class="btn ghost sm" {...asks(`/system/packages/${encodeURIComponent(name)}/unhold`)}>{t.unhold}</a> : null}
                </li>
              ))}
            </ul>
          ) : null],
        ]}
      />
    </Section>
  );
}

const Held = ({ name, title }: { name: string; title: string | null }) => (title ? <span class="small">{title}</span> : <code class="xs">{name}</code>);
