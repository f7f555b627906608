import { terminalTitle, type TerminalNow } from '../../core/terminal/terminals.ts';
import type { TerminalShareRow } from '../../core/terminal/shares.ts';
import { Layout } from '../layout.tsx';
import { Secret } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import { Switch } from '../parts/option.tsx';
import { Section } from '../parts/section.tsx';
import { Select } from '../parts/select.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

interface Props {
  ui: Ui;
  terminal: TerminalNow;
  shares: readonly TerminalShareRow[];
  /** One that was just made, this once. */
  link: string | null;
}

/** Who else may look at a terminal: by a link, and in the panel. */
export function TerminalSharePage({ ui, terminal, shares, link }: Props) {
  const t = ui.t.terminalShares;
  const here = `/terminal/${terminal.id}`;
  const title = t.title({ name: terminalTitle(terminal) });
  return (
    <Layout ui={ui} title={title} styles={['css/terminal.css']}>
      <header class="page-head">
        <a class="btn ghost only sm" href={`/terminal?id=${terminal.id}`} aria-label={t.back} title={t.back}>
          <Icon ui={ui} name="arrow-left" />
        </a>
        <h1 tabindex={-1}>{title}</h1>
      </header>
      <Section id="share-make" title={t.make} note={t.makeNote}>
        {link ? (
          <div class="form">
            <Secret ui={ui} id="terminal-link" label={t.link} value={link} />
          </div>
        ) : (
          <form class="tt-line-form" method="post" action={`${here}/share`}>
            <Select ui={ui} name="hours" label={t.hours} value="1" choices={Object.entries(t.choices).map(([value, label]) => ({ value, label }))} />
            <button class="btn primary" type="submit">
              {t.create}
            </button>
          </form>
        )}
      </Section>
      <Section id="share-links" title={t.links} flush={shares.length > 0}>
        {shares.length === 0 ? <p class="small soft">{t.none}</p> : <Links ui={ui} here={here} shares={shares} />}
      </Section>
      <Section id="share-panel" title={t.inPanel}>
        <form class="form" method="post" action={`${here}/watchable`}>
          <Switch name="watchable" label={ui.t.terminal.watchable} note={ui.t.terminal.watchableNote} checked={terminal.watchable} />
          <div class="btns">
            <button class="btn" type="submit">
              {t.save}
            </button>
          </div>
        </form>
      </Section>
    </Layout>
  );
}

function Links({ ui, here, shares }: { ui: Ui; here: string; shares: readonly TerminalShareRow[] }) {
  const t = ui.t.terminalShares;
  return (
    <table class="table">
      <caption class="vh">{t.links}</caption>
      <thead>
        <tr>
          <th scope="col">{t.made}</th>
          <th scope="col">{t.ends}</th>
          <th scope="col" class="fit">
            <span class="vh">{t.revoke}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => (
          <tr>
            <td class="lead">{share.by}</td>
            <td class="quiet">
              <DateTime ui={ui} at={share.expiresAt} />
            </td>
            <td class="fit">
              <form method="post" action={`${here}/share/${share.id}/remove`}>
                <button class="btn ghost sm" type="submit">
                  {t.revoke}
                </button>
              </form>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
