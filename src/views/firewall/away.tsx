import { AppError } from '../../lib/errors.ts';
import type { Firewall } from '../../core/firewall/firewall.ts';
import type { FirewallProvider } from '../../platform/firewall.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Empty, ErrorState } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Toolbar } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { FirewallTabs } from './tabs.tsx';

export interface AwayModel {
  /** What was read; an error when nothing could be. */
  firewall: Pick<Firewall, 'provider' | 'hindrance'> | AppError;
  /** Those that can be installed. */
  offers: readonly FirewallProvider[];
}

/** No firewall, none that is known, none that may be read, or one that failed. */
export function FirewallAway({ ui, model }: { ui: Ui; model: AwayModel }) {
  const t = ui.t.firewall;
  return (
    <Layout ui={ui} title={t.title} styles={['css/firewall.css']} scripts={['js/firewall.js']}>
      <div id="firewall" hx-get="/firewall" hx-trigger="firewall-changed from:body, containers-changed from:body" hx-select="#firewall" hx-swap="outerMorph">
        <PageHead title={t.title} />
        <Toolbar>
          <FirewallTabs ui={ui} current="rules" />
        </Toolbar>
        <Why ui={ui} model={model} />
      </div>
      <FormDialog />
    </Layout>
  );
}

function Why({ ui, model: { firewall, offers } }: { ui: Ui; model: AwayModel }) {
  const t = ui.t.firewall;
  if (firewall instanceof AppError) {
    return (
      <ErrorState ui={ui} title={t.failedTitle} text={firewall.say(ui.t)} detail={firewall.detail}>
        <a class="btn" href="/firewall">
          {t.failedAgain}
        </a>
      </ErrorState>
    );
  }
  if (firewall.hindrance === 'system') return <Empty ui={ui} icon="shield" title={t.systemTitle} text={t.systemText} />;
  if (firewall.hindrance === 'root') return <Empty ui={ui} icon="lock" title={t.rootTitle} text={t.rootText({ name: firewall.provider ? t.providers[firewall.provider] : '' })} />;
  return (
    <Empty ui={ui} icon="shield" title={t.noneTitle} text={`${t.noneText} ${offers.length ? '' : t.noneOffer}`}>
      {ui.can('firewall.write')
        ? offers.map((provider, i) => (
            <a class={i === 0 ? 'btn primary' : 'btn'} {...asks(`/firewall/install?provider=${provider}`)}>
              <Icon ui={ui} name="download" />
              {t.install({ name: t.providers[provider] })}
            </a>
          ))
        : null}
    </Empty>
  );
}
