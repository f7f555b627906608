import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { CopyButton } from './copy.tsx';
import { Icon, type IconName } from './icon.tsx';

interface EmptyProps {
  ui: Ui;
  icon: IconName;
  title: Child;
  /** Why it is empty. */
  text?: Child;
  /** `h1` when it is the whole page. */
  level?: 1 | 2;
  /** The one next step. */
  children?: Child;
}

/** Nothing here: what it is, why, what to do. */
export function Empty({ ui, icon, title, text, level = 2, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon ui={ui} name={icon} size="xl" />
      {level === 1 ? <h1>{title}</h1> : <h2>{title}</h2>}
      {text ? <p>{text}</p> : null}
      {children ? <div class="btns">{children}</div> : null}
    </div>
  );
}

/** Something could not be read: what, why, the raw words of the tool, the way out. */
export function ErrorState({
  ui,
  title,
  text,
  detail,
  level = 2,
  children,
}: Omit<EmptyProps, 'icon'> & { detail?: string | undefined }) {
  return (
    <div class="empty" role="alert">
      <Icon ui={ui} name="warning" size="xl" />
      {level === 1 ? <h1>{title}</h1> : <h2>{title}</h2>}
      {text ? <p>{text}</p> : null}
      {detail ? (
        <pre class="snippet" tabindex={0}>
          {detail}
        </pre>
      ) : null}
      <div class="btns">
        {children}
        {detail ? (
          <CopyButton ui={ui} text={detail} ghost>
            {ui.t.parts.copyDetails}
          </CopyButton>
        ) : null}
      </div>
    </div>
  );
}

/** This role may not see the page: says which role it is and who can change that. */
export function NoPermission({ ui }: { ui: Ui }) {
  const { parts, shell } = ui.t;
  const role = ui.actor ? (shell.roles[ui.actor.role] ?? ui.actor.role) : '';
  return (
    <Empty ui={ui} icon="lock" level={1} title={parts.noPermission} text={parts.noPermissionText({ role })}>
      <a class="btn" href="/">
        {parts.toDashboard}
      </a>
    </Empty>
  );
}
