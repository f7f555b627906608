import type { OneService } from '../../core/services/services.ts';
import type { ProcessRow } from '../../platform/processes.ts';
import type { ServiceSystem, ServiceVerb } from '../../platform/services.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Menu } from '../parts/menu.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime } from '../parts/time.tsx';
import { processPath } from '../processes/row.tsx';
import type { Ui } from '../ui.ts';
import { DependencyList, FileTexts } from './inside.tsx';
import { ServiceLines } from './lines.tsx';
import { changePath, programPath, servicePath } from './paths.ts';
import { ServiceStateWord, StartWord, VERB_ICONS, verbWord } from './words.tsx';

export interface OneModel {
  service: OneService;
  processes: readonly ProcessRow[];
  /** "443 tcp" */
  ports: readonly string[];
  system: ServiceSystem | null;
  /** Own settings are to be had here. */
  units: boolean;
  /** They were saved just now. */
  saved: boolean;
  /** The kept program that it is. */
  program: string | null;
}

/** All that the machine tells of one service. It asks for itself again when the service changes. */
export function ServicePage({ ui, model }: { ui: Ui; model: OneModel }) {
  const t = ui.t.services;
  const { service, saved } = model;
  const { name, title } = service.row;
  return (
    <Layout ui={ui} title={name} styles={['css/services.css', 'css/code.css']} scripts={['js/services/one.js']}>
      <div id="service" hx-get={servicePath(name)} hx-trigger="services-changed from:body, form-done from:body" hx-select="#service" hx-swap="outerMorph" hx-sync="queue last" data-name={name}>
        <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/services', label: t.title }]} title={name}>
          <Actions ui={ui} model={model} />
        </CrumbsHead>
        {saved ? (
          <Banner ui={ui} tone="ok" text={t.override.saved}>
            {service.verbs.includes('restart') && ui.can('services.write') ? <a class="btn sm" {...asks(changePath(name, 'restart'))}>{t.does.restart}…</a> : null}
          </Banner>
        ) : null}
        {service.fault ? <Banner ui={ui} tone="danger" title={t.fault} text={service.fault} /> : null}
        {service.stale ? <Banner ui={ui} tone="warn" text={t.stale} /> : null}
        {service.row.template ? <Banner ui={ui} text={t.templateText} /> : null}
        {title ? <p class="service-title soft">{title}</p> : null}
        <div class="panes">
          <Section id="about" title={t.about} pane>
            <Facts ui={ui} model={model} />
          </Section>
          <div class="stack">
            <Section id="processes" title={t.processes} note={model.processes.length ? ui.fmt.number(model.processes.length) : undefined} pane>
              <Processes ui={ui} rows={model.processes} />
            </Section>
            <Section id="dependencies" title={t.dependencies} pane>
              <DependencyList ui={ui} dependencies={service.dependencies} />
            </Section>
          </div>
        </div>
        <Log ui={ui} service={service} system={model.system} />
        {service.texts && (service.texts.length > 0 || model.units) ? <FileTexts ui={ui} texts={service.texts} /> : null}
        {ui.can('services.inspect') ? null : <p class="small muted gutter">{t.inspectFor}</p>}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Facts({ ui, model: { service, ports, processes } }: { ui: Ui; model: OneModel }) {
  const t = ui.t.services;
  const main = processes.find(({ pid }) => pid === service.row.pid);
  const { row, last } = service;
  const result = last && (t.results[last.result] ?? last.result);
  const ended = last && result ? (last.code !== null ? t.lastCode({ result, code: last.code }) : last.signal !== null ? t.lastSignal({ result, signal: last.signal }) : result) : null;
  return (
    <Kv
      rows={[
        [t.state, <><ServiceStateWord ui={ui} row={row} />{row.word ? <small class="muted"> {row.word}</small> : null}</>],
        [t.since, row.since === null ? null : <DateTime ui={ui} at={row.since} />],
        [t.start, <><StartWord ui={ui} row={row} />{row.startWord ? <small class="muted"> {row.startWord}</small> : null}</>],
        [t.mainPid, main ? <a href={processPath(main)}>{row.pid}</a> : row.pid],
        [t.memory, row.memory === null ? null : ui.fmt.memory(row.memory)],
        [t.tasks, service.tasks === null ? null : ui.fmt.number(service.tasks)],
        [t.ports, ports.length ? <span class="mono xs">{ports.join('  ')}</span> : null],
        [t.command, service.command ? <code class="xs wrap">{service.command}</code> : null],
        [t.account, service.account],
        [t.last, ended],
        [t.restarts, service.restarts ? t.times({ n: service.restarts }) : null],
        [t.recovery, recoveryWords(ui, service)],
        [t.documentation, service.documentation.length ? service.documentation.map((link) => <Documentation link={link} />) : null],
      ]}
    />
  );
}

/** null: the system tells nothing of it. */
function recoveryWords(ui: Ui, { restarts, recovery }: OneService): string | null {
  const t = ui.t.services;
  if (recovery.every(({ action }) => action === 'none')) return restarts === null && recovery.length === 0 ? null : t.recoveryNone;
  return recovery.map(({ when, action, delay }) =>
    t.recoveryOf({ does: t.recoveryDoes[action], when: t.recoveryWhen[when] ?? when, delay: delay ? t.seconds({ n: ui.fmt.number(delay / 1000) }) : '' })).join(' · ');
}

const Documentation = ({ link }: { link: string }) => (
  <span class="block xs wrap">{/^https?:\/\//.test(link) ? <a href={link} rel="noreferrer noopener" target="_blank">{link}</a> : <code>{link}</code>}</span>
);

const MOST = 100;

function Processes({ ui, rows }: { ui: Ui; rows: readonly ProcessRow[] }) {
  if (rows.length === 0) return <p class="small muted">{ui.t.services.noProcesses}</p>;
  return (
    <ul class="rows">
      {rows.slice(0, MOST).map((row) => (
        <li>
          <a class="grow clip" href={processPath(row)} title={row.command}>
            {row.name}
          </a>
          <span class="muted">{row.pid}</span>
          <span class="muted">{ui.fmt.percent(row.cpu)}</span>
          <span class="muted">{ui.fmt.memory(row.memory)}</span>
        </li>
      ))}
      {rows.length > MOST ? <li class="small muted">{ui.t.processes.filesShown({ shown: ui.fmt.number(MOST) })}</li> : null}
    </ul>
  );
}

function Log({ ui, service, system }: { ui: Ui } & Pick<OneModel, 'service' | 'system'>) {
  const t = ui.t.services;
  if (!ui.can('services.inspect') || service.row.template) return null;
  const { log } = service;
  // On Windows they are what the Service Control Manager said, in the channel System.
  const where: Record<string, string> = system === 'windows' ? { unit: 'System', identifier: 'Service Control Manager' } : { unit: service.row.name };
  const whole = log && ui.can('logs.read') ? <a class="link" href={`/logs?${new URLSearchParams(where)}`}>{ui.t.logs.whole}</a> : null;
  return (
    <Section id="log" title={t.log} flush={Boolean(log?.length)} end={whole}>
      {log?.length ? <ServiceLines ui={ui} label={t.log} lines={log} /> : <p class="small muted">{log ? t.noLog : t.logUnread}</p>}
    </Section>
  );
}

const FIRST: readonly ServiceVerb[] = ['start', 'restart', 'stop'];

function Actions({ ui, model: { service, system, units, program } }: { ui: Ui; model: OneModel }) {
  const t = ui.t.services;
  if (!ui.can('services.write')) return null;
  const { name } = service.row;
  const rest = service.verbs.filter((verb) => !FIRST.includes(verb));
  const setup = service.settings !== null;
  const more = rest.length > 0 || units || program || setup;
  return (
    <>
      {FIRST.filter((verb) => service.verbs.includes(verb)).map((verb) => (
        <a class={verb === 'stop' ? 'btn danger' : 'btn'} {...asks(changePath(name, verb))}>
          <Icon ui={ui} name={VERB_ICONS[verb]} />
          {t.does[verb]}…
        </a>
      ))}
      {more ? (
        <Menu ui={ui} id="service-menu" label={t.actions} icon="more" iconOnly>
          {units ? (
            <a href={`${servicePath(name)}/override`}>
              <Icon ui={ui} name="edit" />
              {t.override.edit}
            </a>
          ) : null}
          {program ? (
            <a href={`${programPath(program)}/edit`}>
              <Icon ui={ui} name="settings" />
              {ui.t.programs.edit}
            </a>
          ) : null}
          {setup ? (
            <>
              <a {...asks(`${servicePath(name)}/recovery`)}>
                <Icon ui={ui} name="restart" />
                {ui.t.serviceSetup.recovery}
              </a>
              <a {...asks(`${servicePath(name)}/account`)}>
                <Icon ui={ui} name="user" />
                {ui.t.serviceSetup.account}
              </a>
            </>
          ) : null}
          {rest.map((verb) => (
            <a {...asks(changePath(name, verb))}>
              <Icon ui={ui} name={VERB_ICONS[verb]} />
              {verbWord(ui, system, verb)}…
            </a>
          ))}
        </Menu>
      ) : null}
    </>
  );
}
