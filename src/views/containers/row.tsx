import type { Container } from '../../core/containers/container.ts';
import { actionPermission } from '../../core/containers/containers.ts';
import type { PortFact } from '../../core/containers/ports/facts.ts';
import type { ContainerUse } from '../../core/containers/stats.ts';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { Meter } from '../parts/meter.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { AnewItems, RemoveItem } from './menu-items.tsx';
import { governWord, isExposed, keyOf, reachWord } from './port-words.ts';
import { ACTION_ICONS, actionsFor, dotOf, portText, stateNote, stateWord } from './words.tsx';

/** One line of the list; its figures are kept true by the page's script. */
export function Row({ ui, one, facts, use, newer, writes }: { ui: Ui; one: Container; facts: ReadonlyMap<string, PortFact>; use: ContainerUse | undefined; newer: boolean; writes: boolean }) {
  const t = ui.t.containers;
  const href = `/containers/${one.id}`;
  const note = stateNote(ui, one);
  return (
    <tr id={`c-${one.id.slice(0, 12)}`} data-id={one.id} data-href={href}>
      {writes ? (
        <td class="pick">
          <input type="checkbox" class="check" name="ids" value={one.id} aria-label={t.select({ name: one.name })} />
        </td>
      ) : null}
      <td class="truncate lead">
        <div class="name">
          <Dot state={dotOf(one)} />
          <a href={href} title={one.name}>
            <b>{one.name}</b>
            <small>{one.image}</small>
            <small class="only-narrow">{[stateWord(ui, one), note].filter(Boolean).join(ui.t.parts.list.clause)}</small>
          </a>
          {newer ? (
            <a class="tag" data-tone="accent" href={`/containers/updates?q=${encodeURIComponent(one.name)}`} title={ui.t.containerUpdates.badge} aria-label={`${one.name}: ${ui.t.containerUpdates.badge}`}>
              <Icon ui={ui} name="refresh" />
            </a>
          ) : null}
        </div>
      </td>
      <td class={`mid nowrap ${dotOf(one) === 'off' ? 'quiet' : ''}`}>
        {stateWord(ui, one)}
        {note ? <small class="below">{note}</small> : null}
      </td>
      <td class="hi">
        <Used label={t.cpu} kind="cpu" running={one.state === 'running'} value={use?.cpu ?? 0} text={use ? ui.fmt.percent(use.cpu) : '–'} />
      </td>
      <td class="mid">
        <Used label={t.memory} kind="memory" running={one.state === 'running'} value={use?.memoryLimit ? (100 * use.memory) / use.memoryLimit : 0} text={use ? ui.fmt.memory(use.memory) : '–'} />
      </td>
      <td class="lo">
        <Ports ui={ui} one={one} facts={facts} />
      </td>
      <td class={one.restarts ? 'lo num' : 'lo num quiet'} title={one.restarts ? t.restartsTitle({ n: one.restarts }) : undefined}>
        {one.restarts === null ? '–' : ui.fmt.number(one.restarts)}
      </td>
      <td class="lo soft nowrap">
        <Time ui={ui} at={one.createdAt} />
      </td>
      {writes ? (
        <td>
          <Actions ui={ui} one={one} />
        </td>
      ) : null}
    </tr>
  );
}

/** A figure that the page's script keeps true. */
function Used({ label, kind, running, value, text }: { label: string; kind: 'cpu' | 'memory'; running: boolean; value: number; text: string }) {
  if (!running) return <span class="quiet">–</span>;
  return (
    <div class="micro" data-use={kind}>
      <span>{text}</span>
      <Meter label={label} value={value} />
    </div>
  );
}

/** Where each listens; pointed at, it says who reaches it and who decides. */
function Ports({ ui, one, facts }: { ui: Ui; one: Container; facts: ReadonlyMap<string, PortFact> }) {
  if (one.ports.length === 0) return null;
  return (
    <span class="ports">
      {one.ports.map((port) => {
        const fact = facts.get(keyOf(port));
        if (!fact) return <span class="mono quiet" title={ui.t.containerPorts.inside}>{portText(port)}</span>;
        return (
          <span class="tag mono" data-tone={isExposed(fact) ? 'warn' : undefined} title={[reachWord(ui, fact), governWord(ui, fact)].filter(Boolean).join('. ')}>
            {portText(port)}
          </span>
        );
      })}
    </span>
  );
}

/** One that is needed most, and the others behind the dots. They post by themselves: what is ticked is left alone. */
function Actions({ ui, one }: { ui: Ui; one: Container }) {
  const t = ui.t.containers;
  const actions = actionsFor(one).filter((action) => ui.can(actionPermission(action)));
  const [first] = actions;
  if (!first) return null;
  const menu = `m-${one.id.slice(0, 12)}`;
  return (
    <div class="acts">
      <span class="desktop row-acts">
        <button class="btn ghost only sm" type="submit" name="one" value={`${first} ${one.id}`} aria-label={t.doesIt({ action: t.does[first], name: one.name })} title={t.does[first]}>
          <Icon ui={ui} name={ACTION_ICONS[first]} />
        </button>
      </span>
      <Menu ui={ui} id={menu} label={t.actionsOf({ name: one.name })} icon="more" iconOnly small>
        {ui.can('containers.admin') ? (
          <AnewItems ui={ui} id={one.id} />
        ) : null}
        {actions.map((action) =>
          action === 'remove' ? (
            <RemoveItem ui={ui} id={one.id} />
          ) : (
            <button type="submit" name="one" value={`${action} ${one.id}`}>
              <Icon ui={ui} name={ACTION_ICONS[action]} />
              {t.does[action]}
            </button>
          ),
        )}
      </Menu>
    </div>
  );
}
