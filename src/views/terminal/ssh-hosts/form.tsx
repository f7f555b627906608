import type { SshHost } from '../../../core/terminal/ssh-hosts/hosts.ts';
import { SSH_AUTHENTICATIONS } from '../../../db/schema/ssh-hosts.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { ConfirmDialog, opens } from '../../parts/dialog.tsx';
import { Field, FieldNotes } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option } from '../../parts/option.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { PasswordField } from '../../parts/password.tsx';
import { Section } from '../../parts/section.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';
import { KeySection } from './key.tsx';

export interface SshHostFormProps {
  ui: Ui;
  /** null: a new one. */
  host: SshHost | null;
  /** All of them: groups to choose from, jump hosts. */
  hosts: readonly SshHost[];
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  done?: boolean;
}

export const SshHostCrumbs = ({ ui, title }: { ui: Ui; title: string }) => <CrumbsHead label={ui.t.terminal.title} crumbs={[{ href: '/terminal', label: ui.t.terminal.title }]} title={title} />;

/** What a form holds for a host that is saved; secrets are never among it. */
export const valuesOf = ({ name, group, address, port, user, authentication, keyPath, agentSocket, jumpId, command }: SshHost): Record<string, string> => ({
  name, group, address, port: String(port), user, authentication, keyPath, agentSocket, jump: jumpId ?? '', command,
});

/** Adds a host, or changes one. */
export function SshHostPage(props: SshHostFormProps) {
  const { ui, host, errors, done } = props;
  const t = ui.t.sshHosts;
  const title = host?.name ?? t.addTitle;
  return (
    <Layout ui={ui} title={title} styles={['css/ssh-hosts.css']}>
      <SshHostCrumbs ui={ui} title={title} />
      {done ? <Banner ui={ui} tone="ok" text={t.saved} /> : null}
      <div class="section">
        <form class="form ssh-form" method="post" action={host ? `/terminal/hosts/${host.id}` : '/terminal/hosts'} autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <Place {...props} />
          <Authentication {...props} />
          <Further {...props} />
          <div class="btns">
            <button class="btn primary" type="submit">
              {host ? t.save : t.add}
            </button>
            <a class="btn" href="/terminal">
              {ui.t.parts.cancel}
            </a>
          </div>
        </form>
      </div>
      {host ? <KeySection ui={ui} host={host} /> : null}
      {host ? <RemoveSection ui={ui} host={host} /> : null}
    </Layout>
  );
}

function Place({ ui, hosts, values, errors }: SshHostFormProps) {
  const t = ui.t.sshHosts;
  const groups = [...new Set(hosts.map(({ group }) => group).filter(Boolean))];
  return (
    <>
      <div class="cols-2">
        <Field ui={ui} name="name" label={t.name} value={values.name} error={errors.name} required maxlength={64} autofocus />
        <Field ui={ui} name="group" label={t.group} optional value={values.group} error={errors.group} hint={t.groupHint} maxlength={64} attrs={{ list: 'ssh-groups' }} />
      </div>
      <datalist id="ssh-groups">
        {groups.map((group) => (
          <option value={group} />
        ))}
      </datalist>
      <div class="ssh-place">
        <Field ui={ui} name="address" label={t.address} value={values.address} error={errors.address} hint={t.addressHint} required maxlength={253} mono />
        <Field ui={ui} name="port" label={t.port} value={values.port ?? '22'} error={errors.port} inputmode="numeric" maxlength={5} mono />
        <Field ui={ui} name="user" label={t.user} value={values.user ?? 'root'} error={errors.user} required maxlength={64} mono />
      </div>
    </>
  );
}

/** The fields of the other ways are hidden by the style sheet, so it works without a script. */
function Authentication({ ui, host, values, errors }: SshHostFormProps) {
  const t = ui.t.sshHosts;
  const kept = (there: boolean | undefined, hint: string | undefined) => (there ? t.kept : hint);
  return (
    <>
      <fieldset class="field" aria-describedby={errors.authentication ? 'f-authentication-error' : undefined}>
        <legend class="label">{t.authentication}</legend>
        <div class="ssh-ways" id="f-authentication">
          {SSH_AUTHENTICATIONS.map((one) => (
            <Option name="authentication" kind="radio" value={one} label={t.authentications[one]} note={t.authenticationNotes[one]} checked={one === (values.authentication ?? 'ask')} />
          ))}
        </div>
        <FieldNotes ui={ui} id="f-authentication" error={errors.authentication} />
      </fieldset>
      <div class="ssh-by" data-by="password">
        <PasswordField ui={ui} name="password" label={t.password} autocomplete="new-password" optional={host?.has.password ?? true} hint={kept(host?.has.password, undefined)} error={errors.password} />
      </div>
      <div class="ssh-by" data-by="key">
        <Field ui={ui} name="privateKey" label={t.privateKey} rows={7} hint={kept(host?.has.privateKey, t.privateKeyHint)} error={errors.privateKey} mono maxlength={32_768} />
      </div>
      <div class="ssh-by" data-by="file">
        <Field ui={ui} name="keyPath" label={t.keyPath} value={values.keyPath} hint={t.keyPathHint} error={errors.keyPath} mono maxlength={4096} />
      </div>
      <div class="ssh-by" data-by="key file">
        <PasswordField ui={ui} name="passphrase" label={t.passphrase} autocomplete="new-password" optional hint={kept(host?.has.passphrase, t.passphraseHint)} error={errors.passphrase} />
      </div>
      <div class="ssh-by" data-by="agent">
        <Field ui={ui} name="agentSocket" label={t.agentSocket} value={values.agentSocket} hint={t.agentSocketHint} error={errors.agentSocket} mono maxlength={4096} />
      </div>
    </>
  );
}

function Further({ ui, host, hosts, values, errors }: SshHostFormProps) {
  const t = ui.t.sshHosts;
  const jumps = [{ value: '', label: t.noJump }, ...hosts.filter(({ id }) => id !== host?.id).map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <>
      <Select ui={ui} name="jump" label={t.jump} choices={jumps} value={values.jump ?? ''} hint={t.jumpHint} error={errors.jump} />
      <Field ui={ui} name="command" label={t.command} optional value={values.command} hint={t.commandHint} error={errors.command} mono maxlength={2000} />
    </>
  );
}

function RemoveSection({ ui, host }: { ui: Ui; host: SshHost }) {
  const t = ui.t.sshHosts;
  return (
    <Section id="remove" title={t.removeTitle} note={t.removeNote}>
      <button class="btn danger" type="button" {...opens('ssh-remove')}>
        {t.remove}
      </button>
      <ConfirmDialog ui={ui} id="ssh-remove" title={t.removeAsk({ name: host.name })} text={t.removeText} action={`/terminal/hosts/${host.id}/remove`} submit={t.remove} />
    </Section>
  );
}
