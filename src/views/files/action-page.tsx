import type { Child } from 'hono/jsx';
import { Layout } from '../layout.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';
import { folderHref } from './href.ts';

interface ActionPageProps {
  ui: Ui;
  /** Asked with its object: “Rename index.html”. */
  title: string;
  /** The folder it is about: where “back” leads. */
  folder: string;
  wide?: boolean;
  /** Entry modules for what is inside; loaded with the dialog too. */
  scripts?: readonly string[];
  children?: Child;
}

/**
 * A form about files: a page of its own, and in the browser page the inside of a dialog. public/js/files/action.js takes
 * `#action` out of this document; what belongs to the dialog has to lie in there.
 */
export function ActionPage({ ui, title, folder, wide, scripts = [], children }: ActionPageProps) {
  return (
    <Layout ui={ui} title={title} styles={['css/files.css']} scripts={['js/files/action.js', ...scripts]}>
      <header class="page-head">
        <a class="btn ghost only sm" href={folderHref(folder)} aria-label={ui.t.browse.back} title={ui.t.browse.back}>
          <Icon ui={ui} name="arrow-left" />
        </a>
        <h1 tabindex={-1}>{title}</h1>
      </header>
      <section
        class={wide ? 'section action wide' : 'section action'}
        id="action"
        aria-labelledby="action-title"
        data-scripts={scripts.length ? scripts.map((path) => ui.asset(path)).join(' ') : undefined}
      >
        <h2 id="action-title" tabindex={-1}>
          {title}
        </h2>
        {children}
      </section>
    </Layout>
  );
}

interface ActionFormProps {
  ui: Ui;
  /** Where it posts, and is drawn again from with 422. */
  action: string;
  folder: string;
  /** The verb with its object. */
  submit: string;
  /** Red: something is lost for good. */
  danger?: boolean;
  errors?: Readonly<Record<string, string | undefined>>;
  /** There is nothing to fill in, and what it does can be taken back: Enter is the answer. */
  plain?: boolean;
  /** More buttons, before “Cancel”. */
  buttons?: Child;
  children?: Child;
}

/** The form inside an ActionPage: htmx draws `#action` again with what was wrong; without JavaScript the page comes again. */
export function ActionForm({ ui, action, folder, submit, danger, plain, errors = {}, buttons, children }: ActionFormProps) {
  return (
    <form class="form" method="post" action={action} hx-post={action} hx-target="#action" hx-select="#action" hx-swap="outerHTML">
      <FormErrors ui={ui} errors={errors} />
      {children}
      <div class="btns">
        {buttons}
        <a class="btn" href={folderHref(folder)} data-cancel>
          {ui.t.parts.cancel}
        </a>
        <button class={danger ? 'btn danger primary' : 'btn primary'} type="submit" autofocus={plain}>
          {submit}
        </button>
      </div>
    </form>
  );
}

/** The selection as hidden fields: `folder` and each `name`, or the id of a long one; `src/http/selection.ts` reads it back. */
export function SelectionFields({ selection }: { selection: { folder: string; names: readonly string[]; id?: string | undefined } }) {
  if (selection.id) return <input type="hidden" name="selection" value={selection.id} />;
  return (
    <>
      <input type="hidden" name="folder" value={selection.folder} />
      {selection.names.map((name) => (
        <input type="hidden" name="name" value={name} />
      ))}
    </>
  );
}
