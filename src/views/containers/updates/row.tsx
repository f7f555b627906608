import { hasNewer } from '../../../core/containers/updates/state.ts';
import type { ContainerUpdate } from '../../../core/containers/updates/updates.ts';
import { toldIn } from '../../../lib/told.ts';
import { Icon } from '../../parts/icon.tsx';
import { Dot, Tag } from '../../parts/mark.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Time } from '../../parts/time.tsx';
import { DOTS } from '../../tasks/words.ts';
import type { Ui } from '../../ui.ts';
import { UPDATE_DOTS, whyText } from './words.ts';

interface RowProps {
  ui: Ui;
  one: ContainerUpdate;
}

/** One container: what it is made of, and whether there is a newer one of that. */
export function UpdateRow({ ui, one, admin }: RowProps & { admin: boolean }) {
  const t = ui.t.containerUpdates;
  const href = `/containers/${one.id}`;
  const why = whyText(ui, one);
  return (
    <tr id={`u-${one.id.slice(0, 12)}`} data-id={one.id} data-state={one.state}>
      {admin ? (
        <td class="pick">
          {one.way === 'itself' && hasNewer(one) ? <input type="checkbox" class="check" name="ids" value={one.id} aria-label={ui.t.containers.select({ name: one.name })} /> : null}
        </td>
      ) : null}
      <td class="truncate lead">
        <div class="name">
          <a href={href} title={one.name}>
            <b>{one.name}</b>
            <small>{one.image}</small>
            <small class="only-narrow">{t.states[one.state]}</small>
            {why ? <small class="only-narrow">{why}</small> : null}
            {one.way === 'stack' ? <small class="only-narrow">{t.toStack({ stack: one.stack ?? '' })}</small> : null}
          </a>
          {one.automatic ? <Tag ui={ui} icon="refresh">{t.automatic}</Tag> : null}
        </div>
      </td>
      <td class="hi said">
        <State ui={ui} one={one} />
      </td>
      <td class="mid nowrap">
        <Last ui={ui} one={one} />
      </td>
      <td class="lo soft nowrap">{one.checkedAt ? <Time ui={ui} at={one.checkedAt} /> : null}</td>
      {ui.can('containers.write') ? (
        <td>
          <Actions ui={ui} one={one} admin={admin} />
        </td>
      ) : null}
    </tr>
  );
}

function State({ ui, one }: RowProps) {
  const t = ui.t.containerUpdates;
  const why = whyText(ui, one);
  return (
    <>
      <Dot state={UPDATE_DOTS[one.state]}>{t.states[one.state]}</Dot>
      {why ? <small class="below" title={one.said || undefined}>{why}</small> : null}
      {one.way === 'stack' ? (
        <small class="below" title={t.stackNote}>
          <a class="link" href={`/stacks/${one.stack}`}>{t.toStack({ stack: one.stack ?? '' })}</a>
        </small>
      ) : null}
    </>
  );
}

/** How its last update went. */
function Last({ ui, one: { last } }: RowProps) {
  if (!last) return null;
  const how = <Dot state={DOTS[last.state]}>{ui.t.containerUpdates.results[last.state]}</Dot>;
  return (
    <>
      {ui.can('containers.inspect') ? (
        <a class="link" href={`/tasks/${last.task}`} title={last.error ? toldIn(last.error, ui.lang) : undefined}>
          {how}
        </a>
      ) : (
        how
      )}
      <small class="below">
        <Time ui={ui} at={last.at} />
      </small>
    </>
  );
}

/** Attributes of a button of the table's form that goes elsewhere. */
const posts = (action: string) => ({ type: 'submit' as const, formaction: action, 'hx-post': action, 'hx-swap': 'none' });

function Actions({ ui, one, admin }: RowProps & { admin: boolean }) {
  const t = ui.t.containerUpdates;
  const updates = admin && one.way === 'itself' && hasNewer(one);
  const version = one.reference !== null && one.digest !== null ? `${one.reference} ${one.digest}` : null;
  const chooses = admin && one.way === 'itself' && one.reference !== null;
  if (!version && !chooses) return null;
  return (
    <div class="acts">
      {updates ? (
        <span class="desktop row-acts">
          <button class="btn ghost sm" {...posts('/containers/updates/update')} name="one" value={one.id} aria-label={t.updateIt({ name: one.name })}>
            {t.update}
          </button>
        </span>
      ) : null}
      <Menu ui={ui} id={`m-${one.id.slice(0, 12)}`} label={t.actionsOf({ name: one.name })} icon="more" iconOnly small>
        {updates ? (
          <button {...posts('/containers/updates/update')} name="one" value={one.id}>
            <Icon ui={ui} name="download" />
            {t.update}
          </button>
        ) : null}
        {admin && one.way !== 'stack' ? (
          <a href={`/containers/${one.id}/recreate`}>
            <Icon ui={ui} name="eye" />
            {t.changes}
          </a>
        ) : null}
        {version && one.state === 'newer' ? (
          <button {...posts('/containers/updates/skip')} name="skip" value={version}>
            <Icon ui={ui} name="minus" />
            {t.skip}
          </button>
        ) : null}
        {version && one.state === 'skipped' ? (
          <button {...posts('/containers/updates/skip')} name="unskip" value={version}>
            <Icon ui={ui} name="history" />
            {t.unskip}
          </button>
        ) : null}
        {chooses ? (
          <button {...posts('/containers/updates/automatic')} name={one.automatic ? 'off' : 'on'} value={one.id}>
            <Icon ui={ui} name="refresh" />
            {one.automatic ? t.automaticOff : t.automaticOn}
          </button>
        ) : null}
      </Menu>
    </div>
  );
}
