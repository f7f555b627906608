import { keyText } from '../files/action-buttons.tsx';
import { FILE_ACTIONS } from '../files/actions.ts';
import { ACCOUNT, navFor } from '../nav.ts';
import { Icon } from '../parts/icon.tsx';
import { terminalShortcuts } from '../terminal/shortcuts.ts';
import type { Ui } from '../ui.ts';

/** What `?` shows. */
export function Shortcuts({ ui }: { ui: Ui }) {
  const t = ui.t.shell.shortcuts;
  const files = ui.path === '/files' ? FILE_ACTIONS.filter(({ keys, permission }) => keys && ui.can(permission)) : [];
  const pages = [...navFor(ui).flatMap((group) => group.entries), ACCOUNT];
  return (
    <dialog class="dialog shortcuts" id="shortcuts" aria-labelledby="shortcuts-h">
      <header>
        <h2 id="shortcuts-h">{t.title}</h2>
        <button class="btn ghost only sm" data-close aria-label={ui.t.parts.close}>
          <Icon ui={ui} name="x" />
        </button>
      </header>
      <div class="shortcut-groups">
        <section>
          <h3>{t.anywhere}</h3>
          <dl>
            <Row label={t.palette} keys={['Ctrl K']} mod="K" />
            <Row label={t.filter} keys={['/']} />
            <Row label={t.list} keys={['?']} />
            <Row label={t.close} keys={['esc']} />
          </dl>
          <h3>{t.inTables}</h3>
          <dl>
            <Row label={t.nextRow} keys={['j', '↓']} />
            <Row label={t.previousRow} keys={['k', '↑']} />
            <Row label={t.openRow} keys={['↵']} />
            <Row label={t.pickRow} keys={['space']} />
          </dl>
        </section>
        <section>
          <h3>{t.goTo}</h3>
          <dl>
            {pages.map((entry) => (
              <Row label={entry.label(ui.t)} keys={['g', entry.key]} />
            ))}
          </dl>
        </section>
        {ui.path === '/terminal' ? (
          <section>
            <h3>{ui.t.terminal.title}</h3>
            <dl>
              {terminalShortcuts(ui.t).map(({ label, keys }) => (
                <Row label={label} keys={[keys]} />
              ))}
            </dl>
          </section>
        ) : null}
        {files.length ? (
          <section>
            <h3>{ui.t.shell.nav.files}</h3>
            <dl>
              {files.map((action) => (
                <Row label={action.label(ui.t)} keys={[keyText(action.keys!)]} />
              ))}
            </dl>
          </section>
        ) : null}
      </div>
    </dialog>
  );
}

function Row({ label, keys, mod }: { label: string; keys: string[]; mod?: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {keys.map((key) => (
          <kbd data-mod={mod}>{key}</kbd>
        ))}
      </dd>
    </>
  );
}
