import type { OneAccount } from '../../core/accounts/accounts.ts';
import { groupsOf, isLocked } from '../../core/accounts/guard.ts';
import { wordsOf } from '../../core/accounts/words.ts';
import type { Say } from '../../lib/errors.ts';
import type { AccountSystem } from '../../platform/accounts.ts';
import { AskIcon, asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import { DateTime, Time } from '../parts/time.tsx';
import { systemBack } from '../system/frame.tsx';
import type { Ui } from '../ui.ts';
import { accountPath, stateOf } from './list.tsx';

interface OneProps {
  ui: Ui;
  one: OneAccount;
  system: AccountSystem;
  /** Why nothing can be changed; null: it can. */
  refusal: Say | null;
}

export function AccountPage({ ui, one, system, refusal }: OneProps) {
  const t = wordsOf(ui.t, system);
  const { account } = one;
  const { state, word } = stateOf(account, ui.now);
  const writes = ui.can('accounts.write') && !refusal;
  const here = accountPath(account.name);
  return (
    <Layout ui={ui} title={account.name} styles={['css/stacks.css', 'css/code.css', 'css/system.css']} scripts={['js/system/page.js']}>
      <div id="system-page" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#system-page" hx-swap="outerMorph">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/system', label: ui.t.system.title }, systemBack(ui, 'accounts')]} title={account.name}>
          {writes ? <Actions ui={ui} one={one} system={system} /> : null}
        </CrumbsHead>
        {refusal ? <Banner ui={ui} tone="warn" text={refusal(ui.t)} /> : null}
        {account.password === 'empty' && account.shellWorks ? <Banner ui={ui} tone="danger" text={t.emptyWarning} /> : null}
        <div class="panes">
          <Section id="about" title={t.about} pane>
            <Kv
              rows={[
                [t.fullName, account.fullName],
                [t.state, <Dot state={state}>{t.states[word]}</Dot>],
                [t.expires, account.expiresAt !== null && account.expiresAt > 86_400_000 ? <DateTime ui={ui} at={account.expiresAt} /> : null],
                [t.rights, account.admin ? t.adminBy[account.admin] : t.noRights],
                [t.windows.remoteDesktop, account.remoteDesktop === null ? null : t.windows.lets[account.remoteDesktop ? 'in' : 'out']],
                [t.windows.passwordSetAt, account.passwordSetAt === null ? null : <DateTime ui={ui} at={account.passwordSetAt} />],
                [t.uid, account.uid === null ? null : `${account.uid} (${account.group}, ${account.gid})`],
                [t.windows.sid, account.sid === null ? null : <code class="xs wrap">{account.sid}</code>],
                [t.groups, ui.fmt.list(groupsOf(account))],
                [t.home, account.home ? <code class="xs wrap">{account.home}</code> : t.windows.noHome],
                [t.shell, account.shell === null ? null : <code class="xs wrap">{account.shell}</code>],
              ]}
            />
          </Section>
          <Section id="sign-ins" title={t.signIns} pane>
            {one.signIns.length ? (
              <ul class="rows">
                {one.signIns.map(({ at, line, from }) => (
                  <li>
                    <Icon ui={ui} name={from ? 'globe' : 'monitor'} />
                    <span class="grow">{from || t.local} <span class="quiet">{t.windows.lines[line] ?? line}</span></span>
                    <Time ui={ui} at={at} />
                  </li>
                ))}
              </ul>
            ) : (
              <p class="small muted">{account.lastSignIn ? <>{t.lastSignIn}: <Time ui={ui} at={account.lastSignIn.at} /> {account.lastSignIn.from}</> : t.noSignIns}</p>
            )}
          </Section>
        </div>
        <Keys ui={ui} one={one} writes={writes} />
      </div>
      <FormDialog wide />
    </Layout>
  );
}

function Actions({ ui, one: { account, adminGroup }, system }: Omit<OneProps, 'refusal'>) {
  const t = wordsOf(ui.t, system);
  const here = accountPath(account.name);
  const locked = isLocked(account, ui.now);
  const isAdmin = adminGroup !== null && groupsOf(account).includes(adminGroup);
  const item = (verb: string, icon: IconName, label: string, danger = false) => (
    <a {...asks(`${here}/${verb}`)} class={danger ? 'danger' : undefined}>
      <Icon ui={ui} name={icon} />
      {label}
    </a>
  );
  return (
    <>
      <a class="btn" {...asks(`${here}/password`)}>
        <Icon ui={ui} name="key" />
        {t.setPassword}
      </a>
      <Menu ui={ui} id="host-account-menu" label={t.actions} icon="more" iconOnly>
        {adminGroup ? item(isAdmin ? 'revoke' : 'grant', 'shield', isAdmin ? t.revoke : t.grant) : null}
        {item(locked ? 'unlock' : 'lock', 'lock', locked ? t.unlock : t.lock)}
        {account.builtIn || account.system ? null : (
          <>
            <hr />
            {item('remove', 'trash', t.remove, true)}
          </>
        )}
      </Menu>
    </>
  );
}

function Keys({ ui, one: { account, keys }, writes }: { ui: Ui; one: OneAccount; writes: boolean }) {
  const t = ui.t.accounts.keys;
  const words = ui.t.accounts.windows;
  const here = accountPath(account.name);
  const may = writes && !keys.refusal && keys.openTo.length === 0;
  return (
    <Section
      id="keys" title={t.title} flush note={<code class="xs">{keys.path}</code>}
      end={may ? (
        <a class="btn sm" {...asks(`${here}/keys/new`)}>
          <Icon ui={ui} name="plus" />
          {t.add}
        </a>
      ) : null}
    >
      {keys.refusal ? <Banner ui={ui} tone="warn" text={keys.refusal(ui.t)} /> : null}
      {keys.shared ? <Banner ui={ui} text={words.keysShared} /> : null}
      {keys.openTo.length ? <Banner ui={ui} tone="warn" text={words.keysOpen({ path: keys.path, names: keys.openTo.join(', ') })} /> : null}
      {keys.strange ? <Banner ui={ui} text={t.strange({ n: keys.strange })} /> : null}
      {keys.keys.length ? (
        <table class="table">
          <caption class="vh">{t.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t.comment}</th>
              <th scope="col" class="mid">{t.type}</th>
              <th scope="col">{t.fingerprint}</th>
              {may ? <th class="fit"><span class="vh">{ui.t.accounts.actions}</span></th> : null}
            </tr>
          </thead>
          <tbody>
            {keys.keys.map((key) => (
              <tr>
                <td>
                  <b>{key.comment || t.noComment}</b>
                  {key.options ? <small class="block soft mono xs wrap">{key.options}</small> : null}
                </td>
                <td class="mid nowrap soft">{key.type}{key.bits ? ` · ${key.bits}` : ''}</td>
                <td class="mono xs wrap">{key.fingerprint}</td>
                {may ? (
                  <td>
                    <div class="acts">
                      <AskIcon ui={ui} href={`${here}/keys/remove?fingerprint=${encodeURIComponent(key.fingerprint)}`} icon="trash" label={t.removeOf({ name: key.comment || key.fingerprint })} title={t.remove} />
                    </div>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      ) : keys.refusal ? null : (
        <p class="none-note soft">{t.none}</p>
      )}
    </Section>
  );
}
