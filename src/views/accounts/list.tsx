import type { Messages } from '../../i18n/en.ts';
import type { Say } from '../../lib/errors.ts';
import { groupsOf, isLocked } from '../../core/accounts/guard.ts';
import { wordsOf } from '../../core/accounts/words.ts';
import type { AccountSystem, HostAccount, HostAccounts } from '../../platform/accounts.ts';
import { asks } from '../form/dialog.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot, Tag, type State } from '../parts/mark.tsx';
import { Section } from '../parts/section.tsx';
import { Filter, Toolbar } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { Time } from '../parts/time.tsx';
import { SystemFrame } from '../system/frame.tsx';
import type { Ui } from '../ui.ts';

export const accountPath = (name: string) => `/system/accounts/${encodeURIComponent(name)}`;

export interface AccountsModel {
  list: HostAccounts;
  system: AccountSystem;
  refusal: Say | null;
  query: { q: string; view: 'people' | 'all' };
}

const isPerson = (account: HostAccount) => !account.system && account.shellWorks;

/** Whether somebody can come in by it. */
export function stateOf(account: HostAccount, now: number): { state: State; word: keyof Messages['accounts']['states'] } {
  if (isLocked(account, now)) return { state: 'off', word: 'expired' };
  if (!account.shellWorks) return { state: 'off', word: 'noShell' };
  if (account.password === 'empty') return { state: 'fail', word: 'empty' };
  if (account.password === 'locked') return { state: 'off', word: 'noPassword' };
  return account.password === 'set' ? { state: 'ok', word: 'open' } : { state: 'off', word: 'unknown' };
}

export function AccountsPage({ ui, model: { list, system, refusal, query } }: { ui: Ui; model: AccountsModel }) {
  const t = wordsOf(ui.t, system);
  const unix = system === 'unix';
  const shown = list.accounts.filter((one) => (query.view === 'all' || isPerson(one)) && [one.name, one.fullName, ...groupsOf(one)].some((text) => text.toLowerCase().includes(query.q.toLowerCase())));
  const add = ui.can('accounts.write') && !refusal;
  return (
    <SystemFrame
      ui={ui} tab="accounts" facts={[t.count({ n: shown.length })]}
      buttons={add ? (
        <a class="btn primary" {...asks('/system/new-account')}>
          <Icon ui={ui} name="plus" />
          {t.add}
        </a>
      ) : null}
    >
      {refusal ? <Banner ui={ui} tone="warn" text={refusal(ui.t)} /> : null}
      {list.whole ? null : <Banner ui={ui} tone="warn" text={t.notWhole} />}
      <Toolbar>
        <form method="get" action="/system/accounts" class="row grow">
          <Filter ui={ui} label={t.filter} value={query.q} />
          <input type="hidden" name="view" value={query.view} />
        </form>
        <Seg
          ui={ui} label={t.view} push
          tabs={[
            { href: '/system/accounts', label: t.people, current: query.view === 'people' },
            { href: '/system/accounts?view=all', label: t.all, current: query.view === 'all' },
          ]}
        />
      </Toolbar>
      <table class="table sticky">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            {unix ? <th scope="col" class="num lo">{t.uid}</th> : null}
            <th scope="col">{t.state}</th>
            <th scope="col" class="mid">{t.rights}</th>
            <th scope="col" class="mid">{t.lastSignIn}</th>
            <th scope="col" class="lo">{t.home}</th>
            {unix ? <th scope="col" class="lo">{t.shell}</th> : null}
          </tr>
        </thead>
        <tbody>
          {shown.map((account) => (
            <Row ui={ui} account={account} system={system} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 ? <p class="none-note soft">{ui.t.parts.nothingMatches({ text: query.q })}</p> : null}
      <Groups ui={ui} list={list} system={system} all={query.view === 'all'} />
    </SystemFrame>
  );
}

function Row({ ui, account, system }: { ui: Ui; account: HostAccount; system: AccountSystem }) {
  const t = wordsOf(ui.t, system);
  const { state, word } = stateOf(account, ui.now);
  return (
    <tr data-href={accountPath(account.name)} tabindex={0}>
      <td>
        <div class="name">
          <Icon ui={ui} name={account.system ? 'settings' : 'user'} />
          <a href={accountPath(account.name)}>
            <b>{account.name}</b>
            {account.fullName && account.fullName !== account.name ? <span class="quiet"> {account.fullName}</span> : null}
          </a>
        </div>
      </td>
      {account.uid === null ? null : <td class="num lo quiet">{account.uid}</td>}
      <td class="nowrap">
        <Dot state={state}>{t.states[word]}</Dot>
      </td>
      <td class="mid nowrap">{account.admin ? <Tag ui={ui} tone="accent" icon="shield">{t.admin[account.admin]}</Tag> : null}</td>
      <td class="mid soft nowrap">{account.lastSignIn ? <Time ui={ui} at={account.lastSignIn.at} /> : t.never}</td>
      <td class="lo soft wrap mono xs">{account.home || '–'}</td>
      {account.shell === null ? null : <td class="lo soft wrap mono xs">{account.shell}</td>}
    </tr>
  );
}

function Groups({ ui, list, system, all }: { ui: Ui; list: HostAccounts; system: AccountSystem; all: boolean }) {
  const t = wordsOf(ui.t, system);
  // Of most accounts the own group has nobody else in it.
  const isOwn = ({ name, members }: HostAccounts['groups'][number]) => members.length <= 1 && members.every((member) => member === name);
  const shown = list.groups.filter((group) => all || group.name === list.adminGroup || (group.members.length > 0 && !isOwn(group) && (!group.system || group.members.some((name) => list.accounts.some((one) => one.name === name && isPerson(one))))));
  return (
    <Section id="groups" title={t.groups} flush note={list.adminGroup ? t.adminGroupNote({ group: list.adminGroup }) : t.noAdminGroup}>
      <table class="table">
        <caption class="vh">{t.groups}</caption>
        <thead>
          <tr>
            <th scope="col">{t.group}</th>
            {system === 'unix' ? <th scope="col" class="num lo">{t.gid}</th> : null}
            <th scope="col">{t.members}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((group) => (
            <tr>
              <td><b>{group.name}</b></td>
              {group.gid === null ? null : <td class="num lo quiet">{group.gid}</td>}
              <td class="soft">{group.members.length ? ui.fmt.list(group.members) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
