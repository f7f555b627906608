import type { Container } from '../../core/containers/container.ts';
import type { Service } from '../../core/stacks/services.ts';
import { hasFiles, type Stack } from '../../core/stacks/stack.ts';
import { portTitle } from '../containers/port-words.ts';
import { dotOf, portText, stateNote, stateWord } from '../containers/words.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';

/** Services in the order of the files, under each the containers that run of it. `scales`: how many can be said. */
export function ServiceTable({ ui, stack, services, scales }: { ui: Ui; stack: Stack; services: readonly Service[]; scales: boolean }) {
  const t = ui.t.stacks;
  return (
    <table class="table stacks">
      <caption class="vh">{t.services}</caption>
      <thead>
        <tr>
          <th scope="col">{t.container}</th>
          <th scope="col" class="mid">{t.state}</th>
          <th scope="col" class="lo">{t.ports}</th>
        </tr>
      </thead>
      {services.map((service) => (
        <tbody id={`service-${encodeURIComponent(service.name)}`}>
          <tr class="group">
            <th colspan={3} scope="rowgroup">
              <div class="service">
                {service.name} <span class="count">{service.image ?? service.containers[0]?.image ?? ''}</span>
                {service.profiles.length ? <span class="tag">{t.inProfile({ names: service.profiles.join(', ') })}</span> : null}
                {service.declared || !hasFiles(stack) ? null : <span class="tag">{t.undeclared}</span>}
                {service.containers.length && ui.can('containers.inspect') ? (
                  <a class="btn ghost only sm" href={`/stacks/${stack.name}/logs?service=${encodeURIComponent(service.name)}`} aria-label={`${t.logs}: ${service.name}`} title={t.logs}>
                    <Icon ui={ui} name="log" />
                  </a>
                ) : null}
                {scales && service.declared ? <Scale ui={ui} stack={stack} service={service} /> : null}
              </div>
            </th>
          </tr>
          {service.containers.map((one) => (
            <Row ui={ui} one={one} />
          ))}
          {service.containers.length === 0 ? (
            <tr>
              <td colspan={3} class="quiet">{t.notStarted}</td>
            </tr>
          ) : null}
        </tbody>
      ))}
    </table>
  );
}

function Row({ ui, one }: { ui: Ui; one: Container }) {
  const note = stateNote(ui, one);
  return (
    <tr id={`c-${one.id.slice(0, 12)}`} data-href={`/containers/${one.id}`}>
      <td class="truncate lead">
        <div class="name">
          <Dot state={dotOf(one)} />
          <a href={`/containers/${one.id}`}>
            <b>{one.name}</b>
            <small class="only-narrow">{[stateWord(ui, one), note].filter(Boolean).join(ui.t.parts.list.clause)}</small>
          </a>
        </div>
      </td>
      <td class="mid nowrap">
        {stateWord(ui, one)}
        {note ? <small class="below">{note}</small> : null}
      </td>
      <td class="lo">
        <span class="ports">
          {one.ports.map((port) => (
            <span class={port.host === null ? 'mono quiet' : 'tag mono'} title={portTitle(ui, port)}>
              {portText(port)}
            </span>
          ))}
        </span>
      </td>
    </tr>
  );
}

/** How many containers of it, until the next deployment. */
function Scale({ ui, stack, service: { name, containers } }: { ui: Ui; stack: Stack; service: Service }) {
  const t = ui.t.stacks;
  return (
    <form method="post" action={`/stacks/${stack.name}/scale`} class="scale" title={t.scaleHint}>
      <input type="hidden" name="service" value={name} />
      <span aria-hidden="true">{t.scale}</span>
      <input class="input sm" type="number" name="count" min={0} max={100} required value={String(containers.length)} aria-label={t.scaleOf({ service: name })} autocomplete="off" />
      <button class="btn ghost only sm" type="submit" aria-label={`${t.scaleIt}: ${t.scaleOf({ service: name })}`} title={t.scaleIt}>
        <Icon ui={ui} name="check" />
      </button>
    </form>
  );
}
