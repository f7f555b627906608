import type { OneAccount } from '../../core/accounts/accounts.ts';
import type { Say } from '../../lib/errors.ts';
import { asks, DockerDialog } from '../docker/form.tsx';
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
  /** Why nothing can be changed; null: it can. */
  refusal: Say | null;
}

export function AccountPage({ ui, one, refusal }: OneProps) {
  const t = ui.t.accounts;
  const { account } = one;
  const { state, word } = stateOf(account, ui.now);
  const writes = ui.can('accounts.write') && !refusal;
  const here = accountPath(account.name);
  const groups = [account.group, ...account.groups];
  return (
    <Layout ui={ui} title={account.name} styles={['css/docker.css', 'css/stacks.css', 'css/code.css', 'css/system.css']} scripts={['js/system/page.js']}>
      <div id="system-page" hx-get={here} hx-trigger="containers-changed from:body" hx-select="#system-page" hx-swap="outerMorph">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/system', label: ui.t.system.title }, systemBack(ui, 'accounts')]} title={account.name}>
          {writes ? <Actions ui={ui} one={one} /> : null}
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
                [t.uid, `${account.uid} (${account.group}, ${account.gid})`],
                [t.groups, ui.fmt.list(groups)],
                [t.home, <code class="xs wrap">{account.home}</code>],
                [t.shell, <code class="xs wrap">{account.shell}</code>],
              ]}
            />
          </Section>
          <Section id="sign-ins" title={t.signIns} pane>
            {one.signIns.length ? (
              <ul class="rows">
                {one.signIns.map(({ at, line, from }) => (
                  <li>
                    <Icon ui={ui} name={from ? 'globe' : 'monitor'} />
                    <span class="grow">{from || t.local} <span class="quiet">{line}</span></span>
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
      <DockerDialog wide />
    </Layout>
  );
}

function Actions({ ui, one: { account, adminGroup } }: { ui: Ui; one: OneAccount }) {
  const t = ui.t.accounts;
  const here = accountPath(account.name);
  const locked = account.expiresAt !== null && account.expiresAt <= ui.now;
  const isAdmin = adminGroup !== null && [account.group, ...account.groups].includes(adminGroup);
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
        {account.uid === 0 || account.system ? null : (
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
  const here = accountPath(account.name);
  const may = writes && !keys.refusal;
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
                      <a class="btn ghost only sm" {...asks(`${here}/keys/remove?fingerprint=${encodeURIComponent(key.fingerprint)}`)} aria-label={t.removeOf({ name: key.comment || key.fingerprint })} title={t.remove}>
                        <Icon ui={ui} name="trash" />
                      </a>
                    </div>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      ) : keys.refusal ? null : (
        <p class="docker-none soft">{t.none}</p>
      )}
    </Section>
  );
}
