import { FORWARDINGS, KEYWORDS, linesOf, ROOT_LOGINS, type SshServer } from '../../core/ssh-server/ssh-server.ts';
import type { FormState } from '../../http/form.ts';
import type { SshServerAway, SshService } from '../../platform/ssh-server.ts';
import type { SshField } from '../../platform/ssh-server/settings.ts';
import { featurePath } from '../optional-features/list.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Option } from '../parts/option.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import { servicePath } from '../services/paths.ts';
import { SystemFrame } from '../system/frame.tsx';
import type { Ui } from '../ui.ts';
import { HostKeys, People } from './tables.tsx';

export const SSH_SERVER = '/system/ssh';
export const crumbs = (ui: Ui) => [{ href: '/system', label: ui.t.system.title }];

export function SshServerAwayPage({ ui, why }: { ui: Ui; why: SshServerAway }) {
  const t = ui.t.sshServer;
  return (
    <SystemFrame ui={ui} tab="ssh">
      <Empty ui={ui} icon="terminal" title={t.away[why].title} text={t.away[why].text}>
        {why === 'notInstalled' && ui.can('optional_features.read') ? <a class="btn primary" href={featurePath('capability', 'OpenSSH.Server~~~~0.0.1.0')}>{t.toFeature}</a> : null}
        {why === 'notStarted' && ui.can('services.read') ? <a class="btn" href={servicePath('sshd')}>{t.toService}</a> : null}
      </Empty>
    </SystemFrame>
  );
}

interface PageProps {
  ui: Ui;
  server: SshServer;
  state: FormState;
  signIns: { accepted: number; refused: number } | null;
}

/** What counts of sshd's settings, as a form, and where each of them comes from. */
export function SshServerPage({ ui, server, state, signIns }: PageProps) {
  const t = ui.t.sshServer;
  const { found, settings } = server;
  const facts = [t.ofPort({ ports: settings.ports.join(', ') }), stateText(ui, found.service), found.version, ...(signIns ? [t.signIns({ accepted: ui.fmt.number(signIns.accepted), refused: ui.fmt.number(signIns.refused) })] : [])];
  return (
    <SystemFrame
      ui={ui} tab="ssh" styles={['css/ssh-server.css']}
      buttons={ui.can('ssh_server.write') ? <button class="btn primary" type="submit" form="ssh-server" name="do" value="review">{t.review}</button> : null}
    >
      <form method="post" action={SSH_SERVER} id="ssh-server" autocomplete="off">
        <input type="hidden" name="hash" value={server.hash} />
        {found.service?.active ? null : <Banner ui={ui} tone="warn" text={t.notRunning} />}
        {server.opensPorts ? <Banner ui={ui} text={t.rulesNote} /> : null}
        {found.service?.kind === 'socket' ? <Banner ui={ui} text={t.socketNote} /> : null}
        <div class="section ssh-facts">
          <p class="facts">{facts.filter(Boolean).map((fact) => <span>{fact}</span>)}</p>
          <p class="small soft">{t.lead({ file: server.written })}</p>
        </div>
        <FormErrors ui={ui} errors={state.errors} />
        <Fields ui={ui} server={server} state={state} />
      </form>
      <Sources ui={ui} server={server} />
      <People ui={ui} people={found.people} />
      <HostKeys ui={ui} keys={found.hostKeys} />
    </SystemFrame>
  );
}

const stateText = ({ t }: Ui, service: SshService | null) =>
  `${service ? `${service.unit}: ` : ''}${service?.active ? t.sshServer.states[service.kind === 'socket' ? 'socket' : 'service'] : t.sshServer.states.stopped}`;

function Fields({ ui, server: { settings, fields, system }, state }: { ui: Ui; server: SshServer; state: FormState }) {
  const t = ui.t.sshServer;
  const has = (name: SshField) => fields.includes(name);
  const { values, errors } = state;
  // A form that comes back shows what was typed: a box that was not ticked is in it by not being there.
  const typed = Object.keys(values).length > 0;
  const notes = { ...t.notes, ...(system === 'windows' ? t.windowsNotes : {}) };
  const error = (name: SshField) => (errors[name] ? { error: errors[name] } : {});
  const box = (name: 'passwordAuthentication' | 'pubkeyAuthentication' | 'kbdInteractiveAuthentication' | 'x11Forwarding') => (has(name) ? (
    <Option name={name} label={t.fields[name]} note={notes[name]} checked={typed ? values[name] === 'on' : settings[name]} />
  ) : null);
  return (
    <div class="panes of-3 ssh-fields">
      <Section id="ssh-access" title={t.sections.access} pane>
        <div class="form">
          {box('pubkeyAuthentication')}
          {box('passwordAuthentication')}
          {box('kbdInteractiveAuthentication')}
          {has('allowGroups') ? <Field ui={ui} name="allowGroups" label={t.fields.allowGroups} value={values.allowGroups ?? settings.allowGroups.join('\n')} hint={t.notes.allowGroups} optional mono rows={3} {...error('allowGroups')} /> : null}
          {has('permitRootLogin') ? <Select ui={ui} name="permitRootLogin" label={t.fields.permitRootLogin} value={values.permitRootLogin ?? settings.permitRootLogin} choices={ROOT_LOGINS.map((value) => ({ value, label: t.roots[value] }))} {...error('permitRootLogin')} /> : null}
        </div>
      </Section>
      <Section id="ssh-network" title={t.sections.network} pane>
        <div class="form">
          <Field ui={ui} name="ports" label={t.fields.ports} value={values.ports ?? settings.ports.join(', ')} hint={t.notes.ports} mono required {...error('ports')} />
          <Field ui={ui} name="listenAddresses" label={t.fields.listenAddresses} value={values.listenAddresses ?? settings.listenAddresses.join('\n')} hint={t.notes.listenAddresses} mono rows={3} {...error('listenAddresses')} />
        </div>
      </Section>
      <Section id="ssh-more" title={t.sections.more} pane>
        <div class="form">
          <Select ui={ui} name="allowTcpForwarding" label={t.fields.allowTcpForwarding} value={values.allowTcpForwarding ?? settings.allowTcpForwarding} choices={FORWARDINGS.map((value) => ({ value, label: t.forwardings[value] }))} {...error('allowTcpForwarding')} />
          {box('x11Forwarding')}
          <Field ui={ui} name="maxAuthTries" label={t.fields.maxAuthTries} type="number" min={1} max={100} value={values.maxAuthTries ?? settings.maxAuthTries} required {...error('maxAuthTries')} />
        </div>
      </Section>
    </div>
  );
}

function Sources({ ui, server }: { ui: Ui; server: SshServer }) {
  const t = ui.t.sshServer;
  return (
    <Section id="ssh-sources" title={t.sections.sources} flush>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t.setting}</th>
            <th scope="col">{t.value}</th>
            <th scope="col" class="mid">{t.from}</th>
          </tr>
        </thead>
        <tbody>
          {server.fields.map((field) => {
            const from = (server.sources[field] ?? []).map(({ file, line }) => `${file}:${line}`).join(', ') || t.byDefault;
            return (
              <tr>
                <td class="ssh-keyword"><code class="xs">{KEYWORDS[field]}</code><small class="only-narrow soft">{from}</small></td>
                <td class="mono">{linesOf(field, server.settings).join(' ') || t.all}</td>
                <td class="soft mid">{from}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {server.lists.length || server.matches.length ? (
        <div class="ssh-notes small">
          {server.lists.length ? <><p>{t.lists}</p><ul>{server.lists.map(({ keyword, values }) => <li><code class="xs">{keyword} {values.join(' ')}</code></li>)}</ul></> : null}
          {server.matches.length ? <><p>{t.matches({ n: server.matches.length })}</p><ul>{server.matches.map(({ file, line, text }) => <li><code class="xs">Match {text}</code> <span class="soft">{file}:{line}</span></li>)}</ul></> : null}
        </div>
      ) : null}
    </Section>
  );
}
