import { shownCommands } from '../../core/ssh-server/apply.ts';
import type { SshServerPlan } from '../../core/ssh-server/plan.ts';
import type { SshWarning } from '../../core/ssh-server/warnings.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Option } from '../parts/option.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { Diff } from '../stacks/review.tsx';
import type { Ui } from '../ui.ts';
import { crumbs, SSH_SERVER } from './page.tsx';

interface ReviewProps {
  ui: Ui;
  plan: SshServerPlan;
  hash: string;
  /** As it was typed: it travels on in the form. */
  values: Readonly<Record<string, string>>;
  error: string | null;
}

/** What is written and run, and whom it may lock out, before it happens. */
export function ReviewSshServerPage({ ui, plan, hash, values, error }: ReviewProps) {
  const t = ui.t.sshServer;
  const { fault, files, warnings } = plan;
  const same = plan.changed.length === 0;
  const danger = warnings.some(({ level }) => level === 'danger');
  return (
    <Layout ui={ui} title={t.review} styles={['css/stacks.css', 'css/code.css', 'css/ssh-server.css']}>
      <form method="post" action={SSH_SERVER} id="ssh-review">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[...crumbs(ui), { href: SSH_SERVER, label: t.title }]} title={t.review}>
          <button class="btn" type="submit" name="do" value="back" formnovalidate>{t.back}</button>
          {same || fault !== null ? null : <button class={danger ? 'btn danger primary' : 'btn primary'} type="submit" name="do" value="apply">{t.apply}</button>}
        </CrumbsHead>
        {Object.entries(values).map(([name, value]) => <input type="hidden" name={name} value={value} />)}
        <input type="hidden" name="hash" value={hash} />
        {error ? <Banner ui={ui} tone="danger" text={error} alert /> : null}
        {same ? <Banner ui={ui} text={t.noChange} /> : null}
        {fault === null ? null : <Section id="ssh-fault" title={t.fault}><pre class="snippet">{fault}</pre></Section>}
        {warnings.map((warning) => (
          <Banner ui={ui} tone={warning.level} text={warningText(ui, warning)}>
            {warning.kind === 'firewall' && ui.can('firewall.read') ? <a class="btn sm" href="/firewall">{ui.t.shell.nav.firewall}</a> : null}
          </Banner>
        ))}
        {same || fault !== null ? null : <Banner ui={ui} text={t.keepHint} />}
        {danger && fault === null ? <div class="section"><Option name="sure" label={t.sure} /></div> : null}
        {files.map(({ path, before, after }, i) => <Diff ui={ui} id={`ssh-diff-${i}`} file={path} before={before ?? ''} after={after ?? ''} />)}
        {same ? null : <Section id="ssh-commands" title={t.sections.commands}><pre class="snippet">{shownCommands(plan).join('\n')}</pre></Section>}
      </form>
    </Layout>
  );
}

export function warningText({ t, fmt }: Pick<Ui, 't' | 'fmt'>, warning: SshWarning): string {
  const words = t.sshServer.warnings;
  switch (warning.kind) {
    case 'passwordOnly': return words.passwordOnly({ names: fmt.list(warning.names) });
    case 'firewall': return words.firewall({ firewall: t.firewall.providers[warning.firewall], ports: warning.ports.join(', ') });
    case 'selinux':
    case 'taken': return words[warning.kind]({ ports: warning.ports.join(', ') });
    default: return words[warning.kind]();
  }
}
