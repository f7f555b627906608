import type { ContainerDetail } from '../../core/containers/detail.ts';
import { CHANGES_SHOWN, type ContainerChange, type ContainerProcesses } from '../../core/containers/looks.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { ContainerFrame } from './frame.tsx';

/** What was asked for, or what the engine said instead. */
export type Looked<T> = T | { error: string };

/** What runs in it, in the columns that the machine has. */
export function ContainerProcessesPage({ ui, one, found }: { ui: Ui; one: ContainerDetail; found: Looked<ContainerProcesses> }) {
  const t = ui.t.container;
  const running = one.state === 'running' || one.state === 'paused';
  if ('error' in found || !running) {
    return (
      <ContainerFrame ui={ui} one={one} tab="processes">
        <Empty ui={ui} icon="cpu" title={t.processesNone} text={running && 'error' in found ? found.error : t.notRunning} />
      </ContainerFrame>
    );
  }
  const last = found.titles.length - 1;
  return (
    <ContainerFrame ui={ui} one={one} tab="processes" live={['processes']}>
      <Section id="processes" title={t.processesTitle} note={ui.fmt.number(found.rows.length)} flush>
        <div class="scrolls" tabindex={0} role="region" aria-labelledby="processes-h">
          <table class="table">
            <caption class="vh">{t.processesTitle}</caption>
            <thead>
              <tr>
                {found.titles.map((title) => (
                  <th scope="col">{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.rows.map((row) => (
                <tr>
                  {row.map((cell, i) => (
                    <td class={i === last ? 'mono xs' : 'mono xs nowrap'}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </ContainerFrame>
  );
}

/** What it wrote outside of its volumes. */
export function ContainerChangesPage({ ui, one, found }: { ui: Ui; one: ContainerDetail; found: Looked<{ changes: ContainerChange[]; total: number }> }) {
  const t = ui.t.container;
  if ('error' in found) {
    return (
      <ContainerFrame ui={ui} one={one} tab="changes">
        <Empty ui={ui} icon="alert" title={t.notAnswered} text={found.error} />
      </ContainerFrame>
    );
  }
  if (found.total === 0) {
    return (
      <ContainerFrame ui={ui} one={one} tab="changes">
        <Empty ui={ui} icon="check" title={t.changesNone} text={t.changesNoneText} />
      </ContainerFrame>
    );
  }
  const note = [t.changesCount({ n: found.total, shown: ui.fmt.number(found.total) }), found.total > CHANGES_SHOWN ? t.changesFirst({ n: ui.fmt.number(CHANGES_SHOWN) }) : '', t.changesText];
  return (
    <ContainerFrame ui={ui} one={one} tab="changes">
      <Section id="changes" title={t.changesTitle} note={note.filter(Boolean).join('. ')} flush>
        <table class="table">
          <caption class="vh">{t.changesTitle}</caption>
          <thead>
            <tr>
              <th scope="col">{t.path}</th>
              <th scope="col" class="fit">{t.change}</th>
            </tr>
          </thead>
          <tbody>
            {found.changes.map(({ path, kind }) => (
              <tr data-op={kind === 'added' ? 'add' : kind === 'deleted' ? 'del' : undefined}>
                <td class="mono xs wrap">{path}</td>
                <td class="fit">{t.changeKinds[kind]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </ContainerFrame>
  );
}

/** Everything that the engine says, without what is secret. */
export function ContainerInspectPage({ ui, one, inspected }: { ui: Ui; one: ContainerDetail; inspected: Readonly<Record<string, unknown>> }) {
  const t = ui.t.container;
  return (
    <ContainerFrame ui={ui} one={one} tab="inspect" styles={['css/code.css']}>
      <Section id="inspect" title={t.inspectTitle} note={t.inspectText} flush end={<CopyButton ui={ui} from="inspected">{ui.t.parts.copy}</CopyButton>}>
        <pre class="code inspected" id="inspected" tabindex={0} aria-labelledby="inspect-h">
          {JSON.stringify(inspected, null, 2)}
        </pre>
      </Section>
    </ContainerFrame>
  );
}
