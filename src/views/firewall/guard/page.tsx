import type { BlocksStanding } from '../../../core/blocks/apply.ts';
import type { Ban, GuardCounts, GuardSettings } from '../../../core/guard/guard.ts';
import type { GuardState } from '../../../core/guard/watch.ts';
import type { GuardSource } from '../../../core/settings/settings.ts';
import type { FormState } from '../../../http/form.ts';
import type { Jail } from '../../../platform/fail2ban.ts';
import { FormDialog } from '../../form/dialog.tsx';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { Toolbar } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { FirewallTabs } from '../tabs.tsx';
import { BansSection, type BansQuery } from './bans.tsx';
import { Jails } from './jails.tsx';
import { GuardForm } from './settings.tsx';

export interface GuardModel {
  settings: GuardSettings;
  /** Of this system. */
  sources: readonly GuardSource[];
  state: GuardState;
  counts: GuardCounts;
  standing: BlocksStanding;
  bans: { items: readonly Ban[]; total: number; next: string | null };
  /** null: fail2ban does not run; a text: what it said instead of answering. */
  jails: readonly Jail[] | string | null;
  query: BansQuery;
}

const EVERY = '10s';

/** Who is banned and why comes first, then how it works; it asks for itself again while it is open. */
export function GuardPage({ ui, model, form }: { ui: Ui; model: GuardModel; form: FormState }) {
  const t = ui.t.guard;
  const { settings, state, standing } = model;
  return (
    <Layout ui={ui} title={t.title} styles={['css/blocks.css']} scripts={['js/firewall/asks.js']}>
      <PageHead title={t.title} />
      <Toolbar>
        <FirewallTabs ui={ui} current="guard" />
      </Toolbar>
      <div id="guard" hx-get={ui.here?.startsWith('/firewall/guard') ? ui.here : '/firewall/guard'} hx-trigger={`form-done from:body, every ${EVERY}`} hx-select="#guard" hx-swap="outerMorph" hx-sync="queue last">
        {standing.refusal ? <Banner ui={ui} tone="warn" text={ui.t.blocks.refusals[standing.refusal]} /> : null}
        {settings.guardOn ? null : <Banner ui={ui} text={t.off} />}
        {state.fault ? (
          <>
            <Banner ui={ui} tone="danger" text={t.fault} />
            {state.fault.detail ? <pre class="snippet">{state.fault.detail}</pre> : null}
          </>
        ) : null}
        <BansSection ui={ui} model={model} />
        {state.spared.length ? <SparedSection ui={ui} state={state} /> : null}
        {model.jails === null ? null : <Jails ui={ui} jails={model.jails} />}
      </div>
      <Section id="settings" title={t.settings} note={t.lead}>
        {model.query.done ? <Banner ui={ui} tone="ok" text={t.saved} /> : null}
        <GuardForm ui={ui} settings={settings} sources={model.sources} state={state} form={form} />
      </Section>
      <FormDialog />
    </Layout>
  );
}

function SparedSection({ ui, state }: { ui: Ui; state: GuardState }) {
  const t = ui.t.guard;
  return (
    <Section id="spared" title={t.spared} note={t.sparedText}>
      <ul class="rows">
        {state.spared.map(({ address, why, source, at }) => (
          <li>
            <span class="mono">{address}</span>
            <span class="grow">
              {t.source[source]}: {ui.t.blocks.protected[why]}
            </span>
            <Time ui={ui} at={at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
