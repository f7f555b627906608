import type { ContainerFields } from '../../core/containers/spec/input.ts';
import { RESTART_POLICIES } from '../../core/containers/spec/input.ts';
import { Layout } from '../layout.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';

type Name = keyof ContainerFields;

export interface ContainerFormModel {
  /** null for a new one. */
  container: { id: string; name: string; /** What it has that no line can say. */ unsaid: readonly string[] } | null;
  values: Partial<Record<string, string>>;
  errors: Partial<Record<string, string>>;
  /** Names of the engine's networks. */
  networks: readonly string[];
  /** Options of a pasted command that have no field. */
  unknown: readonly string[];
  /** The same as text, when it was asked for. */
  shown: { run: string; compose: string } | null;
}

/** One form for a new container and for one that is made anew; lists are text, one entry a line, so that they can be pasted. */
export function ContainerFormPage({ ui, model }: { ui: Ui; model: ContainerFormModel }) {
  const t = ui.t.containerForm;
  const { container } = model;
  const title = container ? t.editTitle : t.newTitle;
  const crumbs = [{ href: '/containers', label: ui.t.containers.title }, ...(container ? [{ href: `/containers/${container.id}`, label: container.name }] : [])];
  const action = container ? `/containers/${container.id}/edit` : '/containers/new';
  return (
    <Layout ui={ui} title={title} styles={['css/containers.css']}>
      <CrumbsHead label={ui.t.containers.title} crumbs={crumbs} title={title} />
      {container ? null : <Paste ui={ui} model={model} />}
      <form method="post" action={action} class="container-form">
        <FormErrors ui={ui} errors={Object.fromEntries(Object.entries(model.errors).filter((entry): entry is [string, string] => entry[1] !== undefined))} />
        {model.shown ? <Shown ui={ui} shown={model.shown} /> : null}
        <Fields ui={ui} model={model} />
        <div class="savebar">
          {container ? <p class="quiet small">{t.saveText}</p> : <Option name="start" kind="check" label={t.start} checked={model.values.start !== ''} />}
          <div class="btns push">
            <button class="btn" name="step" value="show">
              {t.show}
            </button>
            <button class="btn primary">{container ? t.save : t.create}</button>
          </div>
        </div>
      </form>
    </Layout>
  );
}

function Paste({ ui, model }: { ui: Ui; model: ContainerFormModel }) {
  const t = ui.t.containerForm;
  return (
    <details class="section" open={Boolean(model.errors.line || model.unknown.length)}>
      <summary>{t.paste}</summary>
      <form method="post" action="/containers/new/from-run" class="form">
        <Field ui={ui} name="line" label={t.paste} hideLabel rows={3} mono value={model.values.line ?? ''} hint={t.pasteHint} {...(model.errors.line ? { error: model.errors.line } : {})} placeholder="docker run -d --name web -p 127.0.0.1:8080:80 nginx:1.29" />
        {model.unknown.length ? <p class="warn" role="status">{t.unknown({ options: model.unknown.join(' ') })}</p> : null}
        <div class="btns">
          <button class="btn">{t.fill}</button>
        </div>
      </form>
    </details>
  );
}

function Fields({ ui, model: { container, values, errors, networks } }: { ui: Ui; model: ContainerFormModel }) {
  const t = ui.t.containerForm;
  const field = (name: Name, label: string, more: { hint?: string; rows?: number; required?: boolean } = {}) => (
    <Field ui={ui} name={name} label={label} mono value={values[name] ?? ''} optional={!more.required} {...more} {...(errors[name] ? { error: errors[name] } : {})} attrs={{ list: name === 'network' ? 'networks' : undefined }} />
  );
  const tick = (name: Name, label: string) => <Option name={name} kind="check" label={label} checked={values[name] === 'on'} />;
  return (
    <>
      <Section id="basics" title={t.basics}>
        <div class="form">
          {field('name', t.name, { required: true })}
          {field('image', t.image, { required: true, hint: t.imageHint })}
          {field('command', t.command, { hint: t.commandHint })}
          {field('entrypoint', t.entrypoint)}
        </div>
      </Section>
      <Section id="reach" title={t.reach}>
        <div class="form">
          {field('ports', t.ports, { rows: 3, hint: t.portsHint })}
          {field('network', t.network, { hint: t.networkHint })}
          <datalist id="networks">
            {networks.map((name) => (
              <option value={name}></option>
            ))}
          </datalist>
          {field('hostname', t.hostname)}
        </div>
      </Section>
      <Section id="data" title={t.data}>
        <div class="form">
          {field('env', t.env, { rows: 6, hint: t.envHint })}
          {field('mounts', t.mounts, { rows: 3, hint: t.mountsHint })}
          {field('labels', t.labels, { rows: 2, hint: t.pairsHint })}
          {container?.unsaid.length ? <p class="small muted">{t.unsaid({ names: ui.fmt.list(container.unsaid) })}</p> : null}
          {field('devices', t.devices, { rows: 2, hint: t.devicesHint })}
          {tick('gpus', t.gpus)}
        </div>
      </Section>
      <Section id="runs" title={t.runs}>
        <div class="form">
          <Select ui={ui} name="restart" label={t.restart} value={values.restart ?? 'unless-stopped'} choices={RESTART_POLICIES.map((value) => ({ value, label: t.restarts[value] }))} />
          {field('memory', t.memory, { hint: t.memoryHint })}
          {field('cpus', t.cpus, { hint: t.cpusHint })}
          {field('user', t.user)}
          {field('workingDir', t.workingDir)}
          {field('health', t.health, { hint: t.healthHint })}
          {field('healthInterval', t.healthInterval)}
          {field('healthRetries', t.healthRetries)}
          {tick('init', t.init)}
          {tick('tty', t.tty)}
        </div>
      </Section>
      <Section id="rights" title={t.rights}>
        <div class="form">
          {field('capAdd', t.capAdd, { hint: t.capHint })}
          {field('capDrop', t.capDrop, { hint: t.capHint })}
          {tick('readOnly', t.readOnly)}
          {tick('privileged', t.privileged)}
        </div>
      </Section>
      <Section id="logs" title={t.logs}>
        <div class="form">
          {field('logDriver', t.logDriver, { hint: t.logDriverHint })}
          {field('logOptions', t.logOptions, { rows: 2, hint: t.pairsHint })}
        </div>
      </Section>
    </>
  );
}

function Shown({ ui, shown }: { ui: Ui; shown: { run: string; compose: string } }) {
  const t = ui.t.containerForm;
  return (
    <Section id="shown" title={t.shownAs}>
      {([['run', t.asRun], ['compose', t.asCompose]] as const).map(([kind, label]) => (
        <div>
          <h3>{label}</h3>
          <pre class="snippet" tabindex={0}>{shown[kind]}</pre>
          <CopyButton ui={ui} text={shown[kind]} ghost>
            {ui.t.parts.copy}
          </CopyButton>
        </div>
      ))}
    </Section>
  );
}
