import type { Ban } from '../../../core/guard/guard.ts';
import type { FormState } from '../../../http/form.ts';
import { asks, FormDialog } from '../../form/dialog.tsx';
import { FormPage } from '../../form/page.tsx';
import { Layout } from '../../layout.tsx';
import { Kv } from '../../parts/kv.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { DateTime } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { Commands } from '../blocks/forms.tsx';
import { stateText } from './bans.tsx';

const back = (ui: Ui) => ({ href: '/firewall/guard', label: ui.t.guard.title });

/** Why somebody was banned: the lines that said so. */
export function BanPage({ ui, ban }: { ui: Ui; ban: Ban }) {
  const t = ui.t.guard;
  const href = `/firewall/guard/bans/${ban.id}`;
  return (
    <Layout ui={ui} title={t.whyTitle({ address: ban.address })} styles={['css/blocks.css']} scripts={['js/firewall/asks.js']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[back(ui)]} title={ban.address}>
        {ban.active && ui.can('guard.write') ? (
          <a class="btn" {...asks(`${href}/lift`)}>
            {t.lift({ address: ban.address })}
          </a>
        ) : null}
      </CrumbsHead>
      <Section id="ban" title={t.whyTitle({ address: ban.address })}>
        <Kv
          rows={[
            [t.state, stateText(ui, ban)],
            [t.from, (t.source as Record<string, string>)[ban.source] ?? ban.source],
            [t.failures, ui.fmt.number(ban.failures)],
            [t.times, t.timesOf({ n: ui.fmt.number(ban.times) })],
            [t.at, <DateTime ui={ui} at={ban.at} />],
            [t.until, <DateTime ui={ui} at={ban.until} />],
          ]}
        />
      </Section>
      {ban.seen.length ? (
        <Section id="seen" title={t.seen}>
          <pre class="snippet">{ban.seen.map(({ at, text }) => `${ui.fmt.full(at)}  ${text}`).join('\n')}</pre>
        </Section>
      ) : null}
      <FormDialog />
    </Layout>
  );
}

export function LiftBanPage({ ui, ban, commands, errors }: { ui: Ui; ban: Ban; commands: readonly string[]; errors: FormState['errors'] }) {
  const t = ui.t.guard;
  return (
    <FormPage ui={ui} title={t.liftTitle({ address: ban.address })} back={back(ui)} action={`/firewall/guard/bans/${ban.id}/lift`} submit={ban.active ? t.liftSubmit : null} errors={errors}>
      <p class="small muted">{ban.active ? t.liftText : t.over}</p>
      {commands.length ? <Commands ui={ui} commands={commands} /> : null}
    </FormPage>
  );
}
