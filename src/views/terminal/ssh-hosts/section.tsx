import type { SshHost } from '../../../core/terminal/ssh-hosts/hosts.ts';
import { Icon } from '../../parts/icon.tsx';
import { Section } from '../../parts/section.tsx';
import type { Ui } from '../../ui.ts';

/** More than these are found by typing. */
const FILTER_FROM = 8;

/** The saved hosts, by group, on the page that opens terminals. public/js/terminal/ssh-hosts.js filters and connects. */
export function SshHostsSection({ ui, hosts }: { ui: Ui; hosts: readonly SshHost[] }) {
  const t = ui.t.sshHosts;
  const head = (
    <div class="ssh-head">
      {hosts.length > FILTER_FROM ? (
        <div class="affix scripted">
          <Icon ui={ui} name="search" />
          <input class="input" type="search" id="ssh-filter" hx-preserve="true" aria-label={t.filter} placeholder={t.filter} autocomplete="off" spellcheck={false} />
        </div>
      ) : null}
      <a class="btn sm" href="/terminal/hosts/new">
        <Icon ui={ui} name="plus" />
        {t.add}
      </a>
    </div>
  );
  return (
    <Section id="ssh-hosts" title={t.title} note={t.note} end={head} flush={hosts.length > 0}>
      {hosts.length === 0 ? <p class="small soft">{t.none}</p> : <HostTable ui={ui} hosts={hosts} />}
    </Section>
  );
}

function HostTable({ ui, hosts }: { ui: Ui; hosts: readonly SshHost[] }) {
  const t = ui.t.sshHosts;
  const names = new Map(hosts.map(({ id, name }) => [id, name]));
  const groups = Map.groupBy(hosts, ({ group }) => group.toLowerCase());
  return (
    <>
      <table class="table">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.what}</th>
            <th scope="col" class="mid">{t.where}</th>
            <th scope="col" class="lo">{t.by}</th>
            <th scope="col" class="lo">{t.through}</th>
            <th scope="col" class="fit">
              <span class="vh">{t.acts}</span>
            </th>
          </tr>
        </thead>
        {[...groups.values()].map((members) => (
          <tbody data-ssh-group>
            {groups.size > 1 || members[0]!.group ? (
              <tr class="group">
                <th scope="rowgroup" colspan={5}>
                  {members[0]!.group || t.ungrouped}
                </th>
              </tr>
            ) : null}
            {members.map((host) => (
              <HostLine ui={ui} host={host} through={host.jumpId ? (names.get(host.jumpId) ?? '') : ''} />
            ))}
          </tbody>
        ))}
      </table>
      <p class="small soft ssh-none" id="ssh-none" role="status" hidden>
        {t.noMatch}
      </p>
    </>
  );
}

export const shownLogin = ({ user, address, port }: Pick<SshHost, 'user' | 'address' | 'port'>) =>
  `${user}@${port !== 22 && address.includes(':') ? `[${address}]` : address}${port === 22 ? '' : `:${port}`}`;

function HostLine({ ui, host, through }: { ui: Ui; host: SshHost; through: string }) {
  const t = ui.t.sshHosts;
  const { id, name, group, authentication } = host;
  const login = shownLogin(host);
  return (
    <tr data-ssh-host={`${name} ${group} ${login}`}>
      <td class="lead truncate">
        <span class="name">
          <Icon ui={ui} name="server" />
          <span>
            <a href={`/terminal/hosts/${id}`}>{name}</a>
            <small class="only-narrow muted">{login}</small>
          </span>
        </span>
      </td>
      <td class="mid soft nowrap">
        <code>{login}</code>
      </td>
      <td class="lo quiet nowrap">{t.authentications[authentication]}</td>
      <td class="lo quiet nowrap">{through || '–'}</td>
      <td class="fit">
        <form class="ssh-acts" method="post" action={`/terminal/hosts/${id}/connect`} data-tt-connect>
          <a class="btn ghost only sm" href={`/terminal/hosts/${id}`} aria-label={t.editNamed({ name })} title={t.edit}>
            <Icon ui={ui} name="edit" />
          </a>
          <button class="btn sm" type="submit" aria-label={t.connectTo({ name })}>
            {t.connect}
          </button>
        </form>
      </td>
    </tr>
  );
}
