import type { OpenApi, Operation } from '../../api/openapi.ts';
import { Layout } from '../layout.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { CallDetails } from './call.tsx';
import { FieldTable } from './fields.tsx';
import { curlLine } from './words.ts';

interface DocsProps {
  ui: Ui;
  document: OpenApi;
  /** Where the panel was opened: for the curl lines. */
  origin: string;
  /** A query that shows something, by operation id. */
  queries: Readonly<Record<string, string | undefined>>;
}

export interface Call {
  method: string;
  path: string;
  operation: Operation;
}

/**
 * The reference, drawn by the server from the same document that programs get. The usual viewers do not fit: their
 * scripts alone weigh 218 KB (RapiDoc 9.3.8), 458 KB (Swagger UI 5.35.0) and 989 KB (Scalar 1.46.4) gzipped, against 150 KB for
 * a whole page here, and all three insert style elements, which this panel's policy refuses.
 */
export function DocsPage({ ui, document, origin, queries }: DocsProps) {
  const t = ui.t.docs;
  const calls = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method, path, operation })));
  return (
    <Layout ui={ui} title={t.title} scripts={['js/docs.js']} styles={['css/code.css', 'css/reference.css']}>
      <PageHead title={t.title} facts={[t.lead]}>
        <a class="btn" href="/api/docs/openapi.json" download>
          <Icon ui={ui} name="download" />
          {t.openapi}
        </a>
        <a class="btn primary" href="/account#tokens">{t.makeToken}</a>
      </PageHead>
      <Start ui={ui} origin={origin} />
      {document.tags.map((tag) => (
        <Section id={tag.name} title={tag.description} flush>
          {calls.filter((call) => call.operation.tags.includes(tag.name)).map((call) => (
            <CallDetails ui={ui} call={call} origin={origin} query={queries[call.operation.operationId]} />
          ))}
        </Section>
      ))}
      <Section id="schemas" title={t.schemas} flush>
        {Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => (
          <details class="call" id={`schema-${name}`}>
            <summary>
              <code>{name}</code>
            </summary>
            <div class="call-body" tabindex={0}>
              <FieldTable ui={ui} label={name} schema={schema} />
            </div>
          </details>
        ))}
      </Section>
    </Layout>
  );
}

function Start({ ui, origin }: { ui: Ui; origin: string }) {
  const t = ui.t.docs;
  return (
    <Section id="start" title={t.start.title}>
      <div class="stack prose">
        <p>{t.start.token}</p>
        <pre class="snippet" tabindex={0}>{curlLine(origin, 'get', '/api/v1/system', undefined)}</pre>
        <p>{t.start.lists}</p>
        <p>{t.start.errors}</p>
        {origin.startsWith('https:') ? <p>{t.start.certificate}</p> : null}
        <div class="scripted form">
          <Field ui={ui} name="token" id="docs-token" type="password" label={t.tokenLabel} hint={t.tokenHint} mono />
        </div>
      </div>
    </Section>
  );
}
