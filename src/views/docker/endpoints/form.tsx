import type { Endpoint } from '../../../core/docker/endpoints/endpoints.ts';
import type { SshHost } from '../../../core/terminal/ssh-hosts/hosts.ts';
import { ENDPOINT_KINDS } from '../../../db/schema/docker-endpoints.ts';
import { Layout } from '../../layout.tsx';
import { Field, FieldNotes } from '../../parts/field.tsx';
import { FormErrors } from '../../parts/form-errors.tsx';
import { Option } from '../../parts/option.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { PasswordField } from '../../parts/password.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';

export interface EndpointFormProps {
  ui: Ui;
  /** null: a new one. */
  endpoint: Endpoint | null;
  hosts: readonly Pick<SshHost, 'id' | 'name' | 'address' | 'authentication'>[];
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

/** What a form holds for one that is saved; what is sealed is never among it. */
export const valuesOf = ({ name, kind, socket, address, port, sshHostId }: Endpoint): Record<string, string> => ({
  name, kind, socket, address, port: port ? String(port) : '', sshHost: sshHostId ?? '',
});

/** Adds an endpoint, or changes one. The fields of the other kinds are hidden by the style sheet, so it works without a script. */
export function EndpointPage(props: EndpointFormProps) {
  const { ui, endpoint, values, errors } = props;
  const t = ui.t.endpoints;
  const title = endpoint ? t.editTitle({ name: endpoint.name }) : t.addTitle;
  const kind = values.kind ?? 'ssh';
  return (
    <Layout ui={ui} title={title} styles={['css/endpoints.css']}>
      <CrumbsHead label={ui.t.docker.title} crumbs={[{ href: '/docker', label: ui.t.docker.title }]} title={title} />
      <div class="section">
        <form class="form endpoint-form" method="post" action={endpoint ? `/docker/endpoints/${endpoint.id}` : '/docker/endpoints'} autocomplete="off">
          <FormErrors ui={ui} errors={errors} />
          <Field ui={ui} name="name" label={t.name} value={values.name} error={errors.name} required maxlength={64} autofocus />
          <fieldset class="field" aria-describedby={errors.kind ? 'f-kind-error' : undefined}>
            <legend class="label">{t.kind}</legend>
            <div class="endpoint-kinds" id="f-kind">
              {(['ssh', 'tls', 'unix', 'tcp'] satisfies (typeof ENDPOINT_KINDS)[number][]).map((one) => (
                <Option name="kind" kind="radio" value={one} label={t.kinds[one]} note={t.kindNotes[one]} checked={one === kind} />
              ))}
            </div>
            <FieldNotes ui={ui} id="f-kind" error={errors.kind} />
          </fieldset>
          <div class="endpoint-of" data-of="unix">
            <Field ui={ui} name="socket" label={t.socket} value={values.socket} error={errors.socket} placeholder="/run/user/1000/docker.sock" mono maxlength={107} />
          </div>
          <Ssh {...props} />
          <div class="endpoint-of endpoint-place" data-of="tls tcp new">
            <Field ui={ui} name="address" label={t.address} value={values.address} error={errors.address} maxlength={253} mono />
            <Field ui={ui} name="port" label={t.port} value={values.port} error={errors.port} hint={t.portHint} inputmode="numeric" maxlength={5} mono />
          </div>
          <NewHost {...props} />
          <Tls {...props} />
          <div class="btns">
            <button class="btn primary" type="submit">
              {endpoint ? t.save : t.addSave}
            </button>
            <a class="btn" href="/docker">
              {ui.t.parts.cancel}
            </a>
          </div>
        </form>
      </div>
    </Layout>
  );
}

function Ssh({ ui, hosts, values, errors }: EndpointFormProps) {
  const t = ui.t.endpoints;
  const saved = hosts.map(({ id, name, address, authentication }) => ({ value: id, label: `${name} (${address})`, disabled: authentication === 'ask' }));
  const choices = [...saved, { value: 'new', label: t.newHost }];
  const first = saved.find(({ disabled }) => !disabled)?.value ?? 'new';
  return (
    <div class="endpoint-of" data-of="ssh">
      <Select ui={ui} name="sshHost" label={t.sshHost} choices={choices} value={values.sshHost || first} hint={t.sshHostHint} error={errors.sshHost} />
    </div>
  );
}

function NewHost({ ui, values, errors }: EndpointFormProps) {
  const t = ui.t.endpoints;
  return (
    <div class="endpoint-of endpoint-fields" data-of="new">
      <Field ui={ui} name="user" label={t.user} value={values.user ?? 'root'} error={errors.user} hint={t.userHint} maxlength={64} mono />
      <Field ui={ui} name="sshKey" label={t.sshKey} rows={6} hint={t.sshKeyHint} error={errors.sshKey} mono maxlength={32_768} />
      <PasswordField ui={ui} name="passphrase" label={t.passphrase} autocomplete="new-password" optional error={errors.passphrase} />
      <p class="small soft">{t.newHostNote}</p>
    </div>
  );
}

function Tls({ ui, endpoint, values, errors }: EndpointFormProps) {
  const t = ui.t.endpoints;
  const kept = (there: boolean | undefined, hint: string) => (there ? t.kept : hint);
  const has = endpoint?.has;
  return (
    <div class="endpoint-of endpoint-fields" data-of="tls">
      <Field ui={ui} name="ca" label={t.ca} rows={5} value={values.ca} hint={kept(has?.ca, t.caHint)} error={errors.ca} mono maxlength={65_536} />
      <Field ui={ui} name="certificate" label={t.certificate} optional rows={5} value={values.certificate} hint={kept(has?.certificate, t.certificateHint)} error={errors.certificate} mono maxlength={65_536} />
      <Field ui={ui} name="key" label={t.key} optional rows={5} hint={kept(has?.key, t.keyHint)} error={errors.key} mono maxlength={65_536} />
      {endpoint?.certificateEnds ? <p class="small soft">{t.certificateEnds({ date: ui.fmt.dateTime(endpoint.certificateEnds) })}</p> : null}
    </div>
  );
}
