import { basename } from 'node:path';
import type { Daemon } from '../../core/docker/daemon/daemon.ts';
import type { Fault } from '../../core/docker/daemon/document.ts';
import type { DaemonField, DaemonForm } from '../../core/docker/daemon/form.ts';
import type { DockerdAway } from '../../platform/dockerd.ts';
import { EDITOR_IMPORTS } from '../files/editor/imports.ts';
import { CORE_MODULES } from '../files/editor/modules.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { Kv } from '../parts/kv.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import type { Ui } from '../ui.ts';

export const SETTINGS = '/docker/settings';

export interface DaemonModel {
  daemon: Daemon;
  /** As it is being edited, and what the form shows of it; null: it is no document. */
  text: string;
  form: DaemonForm | null;
  /** Folder of the engine's data; '' when it does not say. */
  root: string;
  /** What was found, when it was asked for. */
  found: { faults: readonly Fault[]; unknown: readonly string[]; said: boolean } | null;
  error: string | null;
  /** When the text is that of a version; when a change did not end. */
  version: string | null;
  begun: { by: string; when: string } | null;
  demo: boolean;
}

const crumbs = (ui: Ui) => [{ href: '/docker', label: ui.t.docker.title }];

export function DaemonAwayPage({ ui, why }: { ui: Ui; why: DockerdAway }) {
  const t = ui.t.daemon;
  const { title, text } = t.away[why];
  return (
    <Layout ui={ui} title={t.title}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={crumbs(ui)} title={t.title} />
      <Empty ui={ui} icon="settings" title={title} text={text} />
    </Layout>
  );
}

/** daemon.json as a form and as a text: both are the same document. Works without JavaScript; with it each follows the other. */
export function DaemonPage({ ui, model }: { ui: Ui; model: DaemonModel }) {
  const t = ui.t.daemon;
  const { daemon, text, form, error } = model;
  return (
    <Layout ui={ui} title={t.title} styles={['css/daemon.css']} scripts={['js/docker/settings.js']} preload={CORE_MODULES} imports={EDITOR_IMPORTS}>
      <form method="post" action={SETTINGS} id="daemon" autocomplete="off" class="daemon">
        <CrumbsHead label={ui.t.parts.pages} crumbs={crumbs(ui)} title={t.title}>
          <a class="btn" href={`${SETTINGS}/versions`}>
            {t.versions}
          </a>
          <button class="btn" type="submit" name="do" value="check">
            {t.check}
          </button>
          <button class="btn primary" type="submit" name="do" value="review">
            {t.review}
          </button>
        </CrumbsHead>
        {model.demo ? <Banner ui={ui} text={t.demo} /> : null}
        {model.begun ? <Banner ui={ui} tone="warn" text={t.begun(model.begun)} /> : null}
        {model.version ? <Banner ui={ui} text={t.versionOf({ when: model.version })} /> : null}
        {error ? <Banner ui={ui} tone="danger" text={error} alert /> : null}
        <div id="daemon-found" aria-live="polite" data-line={t.line({ line: 0 }).replace('0', '{line}')}>{model.found ? <Found ui={ui} {...model.found} /> : null}</div>
        <input type="hidden" name="hash" value={daemon.hash} />
        <input type="hidden" name="shown" value={JSON.stringify(form ?? {})} />
        <div class="panes">
          <Section id="daemon-fields" title={t.form} pane>
            <p class="small soft">{t.lead}</p>
            {form ? <Fields ui={ui} form={form} /> : null}
            <noscript>
              <button class="btn" type="submit" name="do" value="fill">
                {t.fill}
              </button>
            </noscript>
          </Section>
          <Section id="daemon-document" title={basename(daemon.dockerd.path)} pane>
            <Facts ui={ui} model={model} />
            <div class="field daemon-text">
              <label for="text">{t.text}</label>
              {/* The first line break after the tag belongs to HTML, not to the text. */}
              <textarea class="input mono" id="text" name="text" rows={24} spellcheck={false} autocapitalize="none" wrap="off" aria-describedby="text-keys">
                {`\n${text}`}
              </textarea>
              <p class="hint" id="text-keys" data-keys hidden>
                {t.textKeys}
              </p>
            </div>
          </Section>
        </div>
      </form>
    </Layout>
  );
}

function Facts({ ui, model: { daemon, root } }: { ui: Ui; model: DaemonModel }) {
  const t = ui.t.daemon;
  const { dockerd, text } = daemon;
  return (
    <Kv
      rows={[
        [t.file, <><code class="xs">{dockerd.path}</code>{text === null ? <small class="block soft">{t.notThere}</small> : null}</>],
        [t.flagsOf, dockerd.flags.length ? <code class="xs">{dockerd.flags.join(' ')}</code> : null],
        [t.service, dockerd.service ? <code class="xs">{dockerd.service.command}</code> : <span class="soft">{t.noService}</span>],
        [t.dataRoot, root ? <><code class="xs">{root}</code><small class="block soft">{t.dataRootNote}</small></> : null],
      ]}
    />
  );
}

const LINES: readonly DaemonField[] = ['registryMirrors', 'insecureRegistries', 'dns', 'addressPools'];
const WORDS: readonly DaemonField[] = ['logMaxSize', 'logMaxFile'];
const SWITCHES: readonly DaemonField[] = ['liveRestore', 'userlandProxy', 'ipv6', 'ip6tables'];
const LOG_DRIVERS = ['json-file', 'local', 'journald', 'syslog', 'none', 'fluentd', 'gelf', 'awslogs', 'gcplogs', 'splunk'];

function Fields({ ui, form }: { ui: Ui; form: DaemonForm }) {
  const t = ui.t.daemon;
  const hintOf = (name: DaemonField) => (t.hints as Partial<Record<DaemonField, string>>)[name];
  const choice = (name: DaemonField, values: readonly { value: string; label: string }[]) => {
    // A value that nobody offers stands in the list while it is the one that counts.
    const known = values.some(({ value }) => value === form[name]) || form[name] === '' ? values : [...values, { value: form[name], label: form[name] }];
    return <Select ui={ui} name={name} label={t.fields[name]} value={form[name]} hint={hintOf(name)} choices={[{ value: '', label: t.asEngine }, ...known]} />;
  };
  const same = (value: string) => ({ value, label: value });
  const lines = (name: DaemonField) => <Field ui={ui} name={name} label={t.fields[name]} value={form[name]} hint={hintOf(name)} mono rows={2} />;
  return (
    <div class="form daemon-fields">
      {LINES.slice(0, 2).map(lines)}
      <div class="pair">
        {choice('logDriver', LOG_DRIVERS.map(same))}
        {choice('cgroupDriver', ['systemd', 'cgroupfs'].map(same))}
      </div>
      <div class="pair">
        {WORDS.map((name) => (
          <Field ui={ui} name={name} label={t.fields[name]} value={form[name]} hint={hintOf(name)} mono maxlength={20} />
        ))}
      </div>
      <div class="pair">
        {SWITCHES.map((name) => choice(name, [{ value: 'on', label: t.on }, { value: 'off', label: t.off }]))}
      </div>
      {LINES.slice(2).map(lines)}
    </div>
  );
}

/** What is wrong with a text, each with its line; or that nothing is. */
export function Found({ ui, faults, unknown, said }: { ui: Ui; faults: readonly Fault[]; unknown: readonly string[]; said: boolean }) {
  const t = ui.t.daemon;
  return (
    <>
      {faults.length ? (
        <div class="banner daemon-faults" data-tone="danger" role="alert">
          <div>
            <b>{t.invalid}</b>
            <ul>
              {faults.map((fault) => (
                <li>
                  {fault.line ? <b class="nowrap">{t.line({ line: fault.line })} </b> : null}
                  {faultText(ui, fault)}
                </li>
              ))}
            </ul>
          </div>
        </div>
      ) : (
        <Banner ui={ui} tone="ok" text={said ? t.validSaid : t.valid} />
      )}
      {unknown.length ? <Banner ui={ui} tone="warn" text={t.unknown({ keys: ui.fmt.list([...unknown]) })} /> : null}
    </>
  );
}

export function faultText({ t }: Pick<Ui, 't'>, { key, what }: Fault): string {
  const words = t.daemon.faults;
  const name = key ?? '';
  switch (what.kind) {
    case 'syntax': return words.syntax({ said: what.said });
    case 'no-object': return words['no-object'];
    case 'type': return words.type({ key: name, type: t.daemon.types[what.type] });
    case 'flag': return words.flag({ key: name, flag: what.flag });
    case 'address': return words.address({ key: name, text: what.text });
    case 'said': return what.said;
    default: return words[what.kind]({ key: name });
  }
}
