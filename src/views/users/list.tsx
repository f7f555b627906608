import type { UserRow } from '../../core/users/users.ts';
import { Layout } from '../layout.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Banner } from '../parts/banner.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot, Tag } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

/** Everybody who may sign in. */
export function UserListPage({ ui, users, done }: { ui: Ui; users: readonly UserRow[]; done?: string }) {
  const t = ui.t.users;
  return (
    <Layout ui={ui} title={t.title} styles={['css/account.css']}>
      <PageHead title={t.title} facts={[t.count({ n: users.length })]}>
        <a class="btn primary" href="/users/new">
          <Icon ui={ui} name="plus" />
          {t.add}
        </a>
      </PageHead>
      {done ? <Banner ui={ui} tone="ok" text={done} /> : null}
      <table class="table sticky">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{t.role}</th>
            <th scope="col" class="hi">{t.state}</th>
            <th scope="col" class="mid">{t.secondFactor}</th>
            <th scope="col" class="mid">{t.lastSeen}</th>
            <th scope="col" class="lo">{t.added}</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <UserLine ui={ui} user={user} />
          ))}
        </tbody>
      </table>
    </Layout>
  );
}

function UserLine({ ui, user }: { ui: Ui; user: UserRow }) {
  const t = ui.t.users;
  const href = `/users/${user.id}`;
  return (
    <tr data-href={href} tabindex={0}>
      <td class="truncate">
        <span class="name">
          <Avatar name={user.name} />
          <a href={href}>
            <b>{user.name}</b>
          </a>
          {ui.actor?.name === user.name ? <Tag ui={ui}>{t.you}</Tag> : null}
          {user.disabled ? <Tag ui={ui} tone="warn">{t.disabled}</Tag> : null}
        </span>
      </td>
      <td class="nowrap">{ui.t.shell.roles[user.role] ?? user.role}</td>
      <td class="hi nowrap">
        <Dot state={user.disabled ? 'off' : 'ok'}>{user.disabled ? t.disabled : t.active}</Dot>
      </td>
      <td class="mid soft nowrap">{factors(ui, user)}</td>
      <td class="mid soft nowrap">{user.lastSeenAt ? <Time ui={ui} at={user.lastSeenAt} /> : t.notSignedIn}</td>
      <td class="lo soft nowrap">
        <Time ui={ui} at={user.createdAt} />
      </td>
    </tr>
  );
}

/** "Code, 2 passkeys" */
export function factors(ui: Ui, user: UserRow): string {
  const t = ui.t.users;
  const found = [user.totp && t.code, user.passkeys > 0 && t.passkeys({ n: user.passkeys })].filter((one) => typeof one === 'string');
  return found.length ? ui.fmt.list(found) : t.none;
}
