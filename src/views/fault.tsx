import type { ErrorCode } from '../lib/errors.ts';
import { BareLayout, Layout } from './layout.tsx';
import { Icon } from './parts/icon.tsx';
import type { Ui } from './ui.ts';

interface Props {
  ui: Ui;
  code: ErrorCode;
  text: string;
  detail?: string | undefined;
  id?: string | undefined;
}

/** Any refusal or fault as a page: what it is, what the tool said, the way back. */
export function FaultPage({ ui, code, text, detail, id }: Props) {
  const t = ui.t.errors;
  const body = (
    <div class="empty" role="alert">
      <Icon ui={ui} name={code === 'denied' ? 'lock' : 'warning'} size="xl" />
      <h1>{t.title[code]}</h1>
      <p>{text}</p>
      {detail ? <pre class="snippet" aria-label={t.output}>{detail}</pre> : null}
      {id ? <p class="xs muted">{t.reference}: <code>{id}</code></p> : null}
      <div class="btns"><a class="btn" href="/">{t.back}</a></div>
    </div>
  );
  return ui.actor ? <Layout ui={ui} title={t.title[code]}>{body}</Layout> : <BareLayout ui={ui} title={t.title[code]}>{body}</BareLayout>;
}
