import type { listPrograms, ProgramDraft } from '../../core/services/programs.ts';
import type { FormState } from '../../http/form.ts';
import type { ProgramAccounts } from '../../platform/programs.ts';
import type { ServicesAbout, ServiceState } from '../../platform/services.ts';
import { PROGRAM_RESTARTS } from '../../core/services/kinds.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { FormPage } from '../form/page.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead, PageHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import { ActionsHead } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { UnitText } from './inside.tsx';
import { programPath, servicePath } from './paths.ts';
import { ServiceTabs } from './tabs.tsx';
import { ServiceStateWord } from './words.tsx';

const LIST = '/services/programs';
type Listed = Awaited<ReturnType<typeof listPrograms>>;

/** Own commands that the system keeps running. */
export function ProgramsPage({ ui, about, programs }: { ui: Ui; about: ServicesAbout; programs: Listed }) {
  const t = ui.t.programs;
  const writes = ui.can('services.write') && about.programs !== null;
  const add = writes ? (
    <a class="btn primary" href={`${LIST}/new`}>
      <Icon ui={ui} name="plus" />
      {t.add}
    </a>
  ) : null;
  return (
    <Layout ui={ui} title={ui.t.services.tabs.programs} styles={['css/services.css']} scripts={['js/services/list.js']}>
      <div id="programs" hx-get={LIST} hx-trigger="services-changed from:body, form-done from:body" hx-select="#programs" hx-swap="outerMorph">
        <PageHead title={ui.t.services.title} middle={<ServiceTabs ui={ui} about={about} current="programs" />}>{programs.length ? add : null}</PageHead>
        {programs.length ? <ProgramTable ui={ui} programs={programs} writes={writes} system={about.system} /> : <Empty ui={ui} icon="terminal" title={t.noneTitle} text={about.programs ? t.lead + ui.t.parts.list.sentence + t.noneText : t.nowhere}>{add}</Empty>}
      </div>
      <FormDialog />
    </Layout>
  );
}

function ProgramTable({ ui, programs, writes, system }: { ui: Ui; programs: Listed; writes: boolean; system: ServicesAbout['system'] }) {
  const t = ui.t.programs;
  return (
    <table class="table sticky programs">
      <caption class="vh">{t.lead}</caption>
      <thead>
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.state}</th>
          <th scope="col" class="mid">{t.command}</th>
          <th scope="col" class="lo">{t.user}</th>
          <th scope="col" class="num lo">{t.memory}</th>
          {writes ? <ActionsHead class="c-acts">{ui.t.services.actions}</ActionsHead> : null}
        </tr>
      </thead>
      <tbody>
        {programs.map((program) => (
          <tr id={`p-${program.name}`} data-name={program.service} data-href={servicePath(program.service)}>
            <td>
              <div class="name">
                <a href={servicePath(program.service)} title={program.title || undefined}>
                  <b>{program.name}</b>
                </a>
              </div>
            </td>
            <td><ServiceStateWord ui={ui} row={{ state: program.state as ServiceState, word: program.word, template: false }} /></td>
            <td class="mid"><code class="xs clip">{program.argv.join(' ')}</code></td>
            <td class="lo soft">{system === 'windows' ? accountName(ui, program.user) : program.user || 'root'}</td>
            <td class="num lo" data-memory>{program.memory === null ? '' : ui.fmt.memory(program.memory)}</td>
            {writes ? (
              <td class="c-acts">
                <div class="acts">
                  <a class="btn ghost sm" href={`${programPath(program.name)}/edit`}>{t.edit}</a>
                  <a class="btn ghost sm" {...asks(`${programPath(program.name)}/remove`)}>{t.remove}</a>
                </div>
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Of Windows, whose accounts for services have long explanations. */
const accountName = (ui: Ui, user: string) => (user === '' ? ui.t.programs.serviceAccounts.system : user);

interface FormProps extends FormState {
  ui: Ui;
  /** Those that it can run as. */
  accounts: ProgramAccounts;
  /** The one that is changed; null: a new one. */
  editing: string | null;
}

const crumbs = (ui: Ui) => [{ href: '/services', label: ui.t.services.title }, { href: LIST, label: ui.t.services.tabs.programs }];

export function ProgramFormPage({ ui, accounts, editing, values, errors }: FormProps) {
  const t = ui.t.programs;
  const title = editing ? t.editTitle({ name: editing }) : t.addTitle;
  const action = editing ? `${programPath(editing)}/edit` : LIST;
  // Only there are accounts chosen from a list.
  const windows = accounts !== 'any';
  const text = (name: keyof typeof values & string) => ({ ui, name, value: values[name] ?? '', error: errors[name] });
  return (
    <Layout ui={ui} title={title} styles={['css/services.css']}>
      <form method="post" action={action} id="program" autocomplete="off">
        <CrumbsHead label={ui.t.parts.pages} crumbs={crumbs(ui)} title={title}>
          <button class="btn primary" type="submit" name="do" value="review">
            {t.review}
          </button>
        </CrumbsHead>
        <div class="section">
          <div class="form program-form">
            <FormErrors ui={ui} errors={errors} />
            {editing ? <><input type="hidden" name="name" value={editing} /><input type="hidden" name="seen" value={values.seen} /></> : <Field {...text('name')} label={t.name} hint={t.nameHint} mono required maxlength={40} autofocus />}
            <Field {...text('title')} label={t.titleField} maxlength={200} optional />
            <Field {...text('command')} label={t.command} hint={t.commandHint} mono required maxlength={8000} placeholder={windows ? '"C:\\Program Files\\nodejs\\node.exe" C:\\shop\\worker.js' : '/usr/bin/node /srv/shop/worker.js'} />
            <div class="pair">
              {windows ? (
                <Select ui={ui} name="user" label={t.user} value={values.user ?? ''} error={errors.user} hint={t.accountHint} choices={['', ...accounts].map((value) => ({ value, label: t.serviceAccounts[(value || 'system') as keyof typeof t.serviceAccounts] ?? value }))} />
              ) : (
                <Field {...text('user')} label={t.user} hint={t.userHint} mono maxlength={32} optional />
              )}
              <Field {...text('folder')} label={t.folder} mono maxlength={1000} optional placeholder={windows ? 'C:\\shop' : '/srv/shop'} />
            </div>
            <Field {...text('environment')} label={t.environment} hint={windows ? t.environmentHintWindows : t.environmentHint} mono rows={4} optional placeholder="NODE_ENV=production" />
            <div class="pair">
              <Select ui={ui} name="restart" label={t.restart} value={values.restart ?? 'always'} error={errors.restart} choices={PROGRAM_RESTARTS.map((value) => ({ value, label: t.restarts[value] }))} />
              <Field ui={ui} name="delay" label={t.delay} type="number" min={1} max={3600} value={values.delay ?? '3'} error={errors.delay} after={t.seconds} />
            </div>
            <fieldset class="field">
              <legend class="label">{t.limits}</legend>
              <div class="triple">
                <Field {...text('memory')} label={t.memory} type="number" min={4} after="MiB" hint={t.noLimit} />
                <Field {...text('cpu')} label={t.cpu} type="number" min={1} after="%" hint={t.cpuHint} />
                <Field {...text('tasks')} label={windows ? t.processes : t.tasks} type="number" min={1} hint={t.noLimit} />
              </div>
            </fieldset>
            <Option name="boot" label={t.boot} checked={values.boot === 'on'} />
          </div>
        </div>
      </form>
    </Layout>
  );
}

/** What will be written and run, before it is. The form travels on. */
export function ReviewProgramPage({ ui, windows, editing, values, draft }: { ui: Ui; windows: boolean; editing: string | null; values: Readonly<Record<string, string>>; draft: ProgramDraft }) {
  const t = ui.t.programs;
  return (
    <Layout ui={ui} title={t.reviewTitle} styles={['css/services.css', 'css/code.css']}>
      <form method="post" action={editing ? `${programPath(editing)}/edit` : LIST} id="program-review">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[...crumbs(ui), { href: `${LIST}/new`, label: editing ? t.editTitle({ name: editing }) : t.addTitle }].slice(0, 2)} title={t.reviewTitle}>
          <button class="btn" type="submit" name="do" value="back">
            {t.back}
          </button>
          <button class="btn primary" type="submit" name="do" value="save">
            {t.save}
          </button>
        </CrumbsHead>
        {Object.entries(values).map(([name, value]) => (name === 'do' ? null : <input type="hidden" name={name} value={value} />))}
        {draft.plan.files.filter(({ text }) => text !== null).map(({ path, text, secret }, i) => (
          <Section id={`plan-${i}`} title={<code class="small">{path}</code>} flush={!secret}>
            {secret ? <Banner ui={ui} icon="lock" text={windows ? t.secretFileWindows : t.secretFile} /> : <UnitText label={path} text={text ?? ''} />}
          </Section>
        ))}
        <Section id="plan-commands" title={ui.t.services.commands}>
          <pre class="snippet">{draft.plan.commands.join('\n')}</pre>
        </Section>
      </form>
    </Layout>
  );
}

export function RemoveProgramPage({ ui, name, commands, errors }: { ui: Ui; name: string; commands: readonly string[]; errors: Readonly<Record<string, string>> }) {
  const t = ui.t.programs;
  return (
    <FormPage ui={ui} title={t.removeTitle({ name })} back={{ href: LIST, label: ui.t.services.tabs.programs }} action={`${programPath(name)}/remove`} submit={t.remove.replace('…', '')} danger errors={errors}>
      <p class="small muted">{t.removeText}</p>
      <Field ui={ui} name="confirm" label={ui.t.services.typeName({ name })} error={errors.confirm} mono required autofocus />
      <p class="small muted">{ui.t.services.commands}</p>
      <pre class="snippet">{commands.join('\n')}</pre>
    </FormPage>
  );
}
