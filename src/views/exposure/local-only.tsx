import type { Advice } from '../../core/exposure/local-only/advice.ts';
import type { ExposedPort } from '../../core/exposure/port.ts';
import { Layout } from '../layout.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { servicePath } from '../services/paths.ts';
import { Diff } from '../stacks/review.tsx';
import type { Ui } from '../ui.ts';
import { nameWord, portWord } from './words.ts';

/** What to do so that only this machine reaches it: what will run, before it runs. */
export function LocalOnlyPage({ ui, port, advice }: { ui: Ui; port: ExposedPort; advice: Advice }) {
  const t = ui.t.exposure;
  const title = t.localTitle({ what: `${portWord(port)} (${nameWord(ui, port)})` });
  return (
    <Layout ui={ui} title={title} styles={['css/exposure.css', 'css/code.css']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/exposure', label: t.title }]} title={title} />
      {port.risk ? (
        <Section id="risk" title={t.whyRisky}>
          <div class="advice">
            <p>{t.risks[port.risk].why}</p>
            <p>{t.risks[port.risk].what}</p>
          </div>
        </Section>
      ) : null}
      {advice.kind === 'container' ? <ContainerAdvice ui={ui} advice={advice} /> : null}
      {advice.kind === 'stack' ? <StackAdvice ui={ui} advice={advice} port={port} /> : null}
      {advice.kind === 'setting' ? <SettingAdvice ui={ui} advice={advice} /> : null}
      {advice.kind === 'firewall' ? (
        <Section id="advice" title={t.whatToDo}>
          <p>{t.firewallText}</p>
        </Section>
      ) : null}
      {ui.can('firewall.write') ? (
        <Section id="firewall" title={t.byFirewall}>
          <div class="advice">
            <p>{t.byFirewallText}</p>
            <a class="btn" href={`/firewall/rules/new?scope=${port.how === 'published' ? 'containers' : 'host'}&ports=${port.port}&protocol=${port.protocol}&action=deny`}>
              {t.addRule({ port: portWord(port) })}
            </a>
          </div>
        </Section>
      ) : null}
    </Layout>
  );
}

type Of<Kind extends Advice['kind']> = Extract<Advice, { kind: Kind }>;

function ContainerAdvice({ ui, advice: { id, name, ports, commands, here } }: { ui: Ui; advice: Of<'container'> }) {
  const t = ui.t.exposure.container;
  return (
    <Section id="advice" title={ui.t.exposure.whatToDo}>
      <div class="advice">
        <p>{t.text({ name })}</p>
        <table class="table slim">
          <thead>
            <tr>
              <th scope="col">{t.before}</th>
              <th scope="col">{t.after}</th>
            </tr>
          </thead>
          <tbody>
            {ports.map(({ before, after }) => (
              <tr>
                <td class="mono">{before}</td>
                <td class="mono">{after}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <h3>{t.commands}</h3>
        <pre class="snippet">{commands.join('\n')}</pre>
        {!here ? <p class="small">{t.elsewhere}</p> : ui.can('containers.admin') ? (
          <form method="post" action={`/containers/${id}/local-only`} class="btns">
            <a class="btn" href="/exposure">{ui.t.parts.cancel}</a>
            <button class="btn primary">{t.submit}</button>
          </form>
        ) : <p class="small muted">{t.may}</p>}
      </div>
    </Section>
  );
}

function StackAdvice({ ui, advice: { stack, change, editable }, port }: { ui: Ui; advice: Of<'stack'>; port: ExposedPort }) {
  const t = ui.t.exposure.stack;
  return (
    <>
      <Section id="advice" title={ui.t.exposure.whatToDo}>
        <div class="advice">
          <p>{t.text({ stack })}</p>
          {change ? <p>{t.change({ file: change.file, line: String(change.line) })}</p> : <p>{t.byHand({ line: `"127.0.0.1:${port.port}:${port.container?.port}"` })}</p>}
          <div class="btns">
            <a class="btn primary" href={editable ? `/stacks/${stack}/edit` : `/stacks/${stack}`}>{editable ? t.edit : t.open}</a>
          </div>
        </div>
      </Section>
      {change ? <Diff ui={ui} id="change" file={change.file} before={change.before} after={change.after} /> : null}
    </>
  );
}

function SettingAdvice({ ui, advice: { setting, unit } }: { ui: Ui; advice: Of<'setting'> }) {
  const t = ui.t.exposure.setting;
  return (
    <Section id="advice" title={ui.t.exposure.whatToDo}>
      <div class="advice">
        <p>{t.text}</p>
        <ul>
          {setting.files.map((file) => (
            <li><code>{file}</code></li>
          ))}
        </ul>
        <p>{t.lines}</p>
        <pre class="snippet">{setting.lines.join('\n')}</pre>
        <p>{t.then}</p>
        <pre class="snippet">{`systemctl restart ${unit ?? setting.unit}`}</pre>
        {unit && ui.can('services.read') ? (
          <a class="btn" href={servicePath(unit)}>{t.service({ name: unit })}</a>
        ) : null}
        <p class="small muted">{t.careful}</p>
      </div>
    </Section>
  );
}
