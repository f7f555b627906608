import type { Rdp } from '../../core/rdp/rdp.ts';
import type { FormState } from '../../http/form.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Dot } from '../parts/mark.tsx';
import { Option } from '../parts/option.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

interface RdpProps extends FormState {
  ui: Ui;
  rdp: Rdp;
  /** What the values of the form would run; null: nobody asked. */
  commands: readonly string[] | null;
}

/** Remote Desktop: how it is, how it should be, and who is in. */
export function RdpPage({ ui, rdp: { state, sessions }, values, errors, commands }: RdpProps) {
  const t = ui.t.rdp;
  const shown = Object.keys(values).length > 0;
  const on = shown ? values.on === 'on' : state.on;
  const nla = shown ? values.nla === 'on' : state.nla;
  return (
    <Layout ui={ui} title={t.title}>
      <PageHead title={t.title} facts={[<Dot state={state.on ? 'ok' : 'off'}>{state.on ? t.state.on : t.state.off}</Dot>, `${t.port} ${state.port}`, `${t.service}: ${t.services[serviceWord(state.service)]}`]} />
      <Notes ui={ui} rdp={{ state, sessions }} />
      <div class="panes">
        <Section id="settings" title={t.settings} pane>
          <form method="post" action="/rdp" class="form" autocomplete="off">
            <FormErrors ui={ui} errors={errors} />
            <Option name="on" kind="switch" label={t.on} note={t.onHint} checked={on} />
            <Field ui={ui} name="port" label={t.port} type="number" min={1} max={65_535} value={values.port ?? String(state.port)} hint={t.portHint} error={errors.port} required />
            <Option name="nla" kind="switch" label={t.nla} note={t.nlaHint} checked={nla} />
            <p class="small muted">{t.lead + ui.t.parts.list.sentence + t.restartNote}</p>
            {commands ? (
              <div id="commands">
                <p class="small muted">{t.previewTitle}</p>
                {commands.length ? <pre class="snippet" tabindex={0}>{commands.join('\n')}</pre> : <p class="small">{t.nothing}</p>}
              </div>
            ) : null}
            {ui.can('rdp.write') ? (
              <div class="btns">
                <button class="btn" type="submit" name="preview" value="on" formnovalidate>{t.preview}</button>
                <button class="btn primary" type="submit">{t.save}</button>
              </div>
            ) : null}
          </form>
        </Section>
        <Section id="sessions" title={t.sessions} pane flush>
          <Sessions ui={ui} sessions={sessions} />
        </Section>
      </div>
    </Layout>
  );
}

/** ServiceControllerStatus. */
const serviceWord = (status: number | null) => (status === null ? 'unknown' : status === 4 ? 'running' : status === 1 ? 'stopped' : 'other');

function Notes({ ui, rdp: { state } }: { ui: Ui; rdp: Rdp }) {
  const t = ui.t.rdp;
  return (
    <>
      {state.policy.on === null ? null : <Banner ui={ui} tone="warn" icon="lock" text={t.policyOn({ on: state.policy.on ? 'yes' : 'no' })} />}
      {state.policy.nla === null ? null : <Banner ui={ui} tone="warn" icon="lock" text={t.policyNla} />}
      {state.on && !(state.policy.nla ?? state.nla) ? <Banner ui={ui} tone="danger" text={t.exposed} /> : null}
    </>
  );
}

function Sessions({ ui, sessions }: { ui: Ui; sessions: Rdp['sessions'] }) {
  const t = ui.t.rdp;
  const people = sessions?.filter(({ state, user }) => user !== '' || state === 'active');
  if (!people) return <p class="soft small none-note">{t.unknownSessions}</p>;
  if (people.length === 0) return <p class="soft small none-note">{t.noSessions}</p>;
  return (
    <table class="table">
      <caption class="vh">{t.sessions}</caption>
      <thead>
        <tr>
          <th scope="col">{t.user}</th>
          <th scope="col">{t.sessionState}</th>
          <th scope="col">{t.client}</th>
          <th scope="col" class="hi">{t.session}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((one) => (
          <tr>
            <td><b>{one.user || t.nobody}</b>{one.domain ? <small class="soft"> {one.domain}</small> : null}</td>
            <td><Dot state={one.state === 'active' ? 'ok' : 'off'}>{t.states[one.state]}</Dot></td>
            <td class="soft">{one.client || '–'}</td>
            <td class="hi soft nowrap">{one.name || String(one.id)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** No Windows: said, with the way on. */
export function NoRdpPage({ ui, text }: { ui: Ui; text: string }) {
  return (
    <Layout ui={ui} title={ui.t.rdp.title}>
      <Empty ui={ui} icon="monitor" level={1} title={ui.t.rdp.noneTitle} text={text} />
    </Layout>
  );
}
