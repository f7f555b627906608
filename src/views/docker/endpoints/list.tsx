import type { Endpoint } from '../../../core/docker/endpoints/endpoints.ts';
import type { Tested } from '../../../core/docker/endpoints/use.ts';
import { ConfirmDialog, opens } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Dot, Tag } from '../../parts/mark.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { ActionsHead } from '../../parts/table.tsx';
import type { Ui } from '../../ui.ts';

export interface ListedEndpoint {
  /** null: this machine. */
  saved: Endpoint | null;
  url: string;
  chosen: boolean;
  /** What it said when it was last asked; null: not yet. */
  last: Tested | null;
}

/** In the address of a page: this machine has no id. */
export const endpointKey = ({ saved }: Pick<ListedEndpoint, 'saved'>) => saved?.id ?? 'here';

/** All engines that the panel knows, with the one that it works on. */
export function EndpointsSection({ ui, endpoints }: { ui: Ui; endpoints: readonly ListedEndpoint[] }) {
  const t = ui.t.endpoints;
  const manages = ui.can('containers.admin');
  return (
    <Section
      id="endpoints"
      title={t.title}
      note={t.note}
      flush
      end={
        manages ? (
          <a class="btn sm" href="/docker/endpoints/new">
            <Icon ui={ui} name="plus" />
            {t.add}
          </a>
        ) : null
      }
    >
      <table class="table named-list endpoints">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" class="hi">{t.address}</th>
            <th scope="col" class="mid">{t.state}</th>
            {manages ? (
              <ActionsHead>{ui.t.containers.actions}</ActionsHead>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {endpoints.map((one) => (
            <Row ui={ui} one={one} manages={manages} />
          ))}
        </tbody>
      </table>
      {manages ? endpoints.map(({ saved, chosen }) => (saved && !chosen ? <RemoveDialog ui={ui} endpoint={saved} /> : null)) : null}
    </Section>
  );
}

function Row({ ui, one, manages }: { ui: Ui; one: ListedEndpoint; manages: boolean }) {
  const t = ui.t.endpoints;
  const { saved, url, chosen } = one;
  const path = `/docker/endpoints/${endpointKey(one)}`;
  const name = saved?.name ?? t.here;
  return (
    <tr id={`engine-${endpointKey(one)}`} aria-current={chosen ? 'true' : undefined}>
      <td class="truncate lead">
        <div class="name">
          <Icon ui={ui} name={saved ? 'nodes' : 'server'} />
          <span>
            <b title={name}>{name}</b>
            <small>{saved ? t.kinds[saved.kind] : t.hereNote}</small>
            <small class="only-narrow">
              <State ui={ui} one={one} />
            </small>
          </span>
          {chosen ? <Tag ui={ui} tone="ok">{t.chosen}</Tag> : null}
        </div>
      </td>
      <td class="hi mono xs nowrap">{url}</td>
      <td class="mid nowrap">
        <State ui={ui} one={one} />
      </td>
      {manages ? (
        <td>
          <div class="acts">
            <form method="post" action={`${path}/test`} hx-post={`${path}/test`} hx-target="#endpoints" hx-swap="outerMorph">
              <button class="btn sm" aria-label={`${t.test}: ${name}`}>
                {t.test}
              </button>
            </form>
            {chosen ? null : (
              <form method="post" action={`${path}/use`} hx-post={`${path}/use`} hx-swap="none">
                <button class="btn sm" aria-label={`${t.use}: ${name}`}>
                  {t.use}
                </button>
              </form>
            )}
            {saved ? (
              <Menu ui={ui} id={`m-${saved.id}`} label={`${name}: ${t.edit}`} icon="more" iconOnly small>
                <a href={path}>
                  <Icon ui={ui} name="edit" />
                  {t.edit}
                </a>
                {chosen ? null : (
                  <button class="danger" type="button" {...opens(`remove-${saved.id}`)}>
                    <Icon ui={ui} name="trash" />
                    {t.remove}…
                  </button>
                )}
              </Menu>
            ) : null}
          </div>
        </td>
      ) : null}
    </tr>
  );
}

/** What it said, and since when that is known; beside it the way on, where a person has to decide. */
function State({ ui, one: { last, saved } }: { ui: Ui; one: ListedEndpoint }) {
  const t = ui.t.endpoints;
  if (saved && !saved.pinned) return <KeyLink ui={ui} endpoint={saved} />;
  if (!last) return <Dot state="off">{t.notTested}</Dot>;
  const { state, at, keyOf } = last;
  return (
    <span class="endpoint-state" title={state.up ? undefined : state.detail}>
      <Dot state={state.up ? 'ok' : 'fail'}>{state.up ? t.up({ version: state.facts.version }) : t.why[state.why]}</Dot>
      {keyOf && saved ? <KeyLink ui={ui} endpoint={saved} keyOf={keyOf} /> : <small><Time ui={ui} at={Math.min(at, ui.now)} /></small>}
    </span>
  );
}

function KeyLink({ ui, endpoint, keyOf }: { ui: Ui; endpoint: Endpoint; keyOf?: string }) {
  return ui.can('terminal.open') && (keyOf ?? endpoint.sshHostId) ? <a class="link" href={`/terminal/hosts/${keyOf ?? endpoint.sshHostId}/key?engine=${endpoint.id}`}>{ui.t.endpoints.seeKey}</a> : <Dot state="warn">{ui.t.endpoints.why.untrusted}</Dot>;
}

const RemoveDialog = ({ ui, endpoint: { id, name } }: { ui: Ui; endpoint: Endpoint }) => (
  <ConfirmDialog ui={ui} id={`remove-${id}`} title={ui.t.endpoints.removeAsk({ name })} text={ui.t.endpoints.removeText} action={`/docker/endpoints/${id}/remove`} submit={ui.t.endpoints.remove} />
);
