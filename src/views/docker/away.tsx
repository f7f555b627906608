import type { EngineState } from '../../core/docker/engine.ts';
import { OLDEST_API } from '../../core/docker/engine.ts';
import type { InstallOffer } from '../../core/docker/install.ts';
import { ErrorState } from '../parts/empty.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

type Away = Extract<EngineState, { up: false }>;

/** A page that has nothing else to listen for is loaded again when the engine is back. */
export const RETURNS = { scripts: ['js/containers/returned.js'], preload: ['js/sse.js', 'js/connection.js'] };

/** No engine, or none that can be used: what it is, and the way out. */
export function EngineAway({ ui, engine, offer = null }: { ui: Ui; engine: Away; offer?: InstallOffer | null }) {
  const t = ui.t.docker;
  const words = {
    absent: [t.noneTitle, t.noneText], refused: [t.refusedTitle, t.refusedText], untrusted: [t.untrustedTitle, t.untrustedText], silent: [t.silentTitle, t.silentText],
    broken: [t.brokenTitle, t.brokenText], old: [t.oldTitle, t.oldText({ oldest: OLDEST_API })],
  } as const;
  const far = ui.engine?.name;
  const [title, text] = far ? [ui.t.endpoints.away[engine.why]({ name: far }), ui.t.endpoints.awayText[engine.why]] : words[engine.why];
  return (
    <>
      <ErrorState ui={ui} title={title} text={text} detail={`${t.lookedAt} ${engine.endpoint}\n${engine.detail}`}>
        <a class="btn" href={ui.here}>
          {t.again}
        </a>
        {far && ui.can('containers.admin') ? (
          <form method="post" action="/docker/endpoints/here/use">
            <button class="btn primary">{ui.t.endpoints.back}</button>
          </form>
        ) : null}
      </ErrorState>
      {engine.why !== 'absent' || far ? null : offer && ui.can('containers.admin') ? <Install ui={ui} offer={offer} /> : <HowTo ui={ui} />}
    </>
  );
}

function Install({ ui, offer }: { ui: Ui; offer: InstallOffer }) {
  const t = ui.t.docker;
  return (
    <Section id="install" title={t.install}>
      <p>{t.installText}</p>
      <pre class="snippet" tabindex={0}>{offer.commands.join('\n')}</pre>
      <form method="post" action="/docker/install">
        <button class="btn primary">{t.install}</button>
      </form>
    </Section>
  );
}

function HowTo({ ui }: { ui: Ui }) {
  const t = ui.t.docker;
  return (
    <Section id="how-to" title={t.howTo}>
      <h3>{t.howToDebian}</h3>
      <pre class="snippet" tabindex={0}>apt-get install docker.io{'\n'}systemctl enable --now docker</pre>
      <h3>{t.howToFedora}</h3>
      <pre class="snippet" tabindex={0}>dnf install moby-engine{'\n'}systemctl enable --now docker</pre>
      <p>{t.howToWindows}</p>
    </Section>
  );
}
