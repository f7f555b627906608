import type { Operation, Schema } from '../../api/openapi.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Tag, type Tone } from '../parts/mark.tsx';
import type { Ui } from '../ui.ts';
import type { Call } from './page.tsx';
import { FieldRows, FieldTable, TypeName } from './fields.tsx';
import { curlLine, examplePath, socketLine } from './words.ts';

const TONES: Record<string, Tone | undefined> = { get: 'ok', post: 'accent', patch: 'warn', delete: 'danger' };

/** One call: folded it is a line; open it says what goes in, what comes out, and how to try it. */
export function CallDetails({ ui, call, origin, query }: { ui: Ui; call: Call; origin: string; query: string | undefined }) {
  const { method, path, operation } = call;
  const t = ui.t.docs;
  const body = operation.requestBody?.content['application/json'];
  const example = examplePath(path, operation, query);
  const line = isSocket(operation) ? socketLine(origin, example) : curlLine(origin, method, example, body?.example ?? (body ? {} : undefined));
  const id = operation.operationId.replace('.', '-');
  return (
    <details class="call" id={id}>
      <summary>
        <span class="tag" data-tone={TONES[method]}>{method.toUpperCase()}</span>
        <code>{path}</code>
        <span class="soft says">{operation.summary}</span>
        <Tag ui={ui} icon="lock">{operation['x-permission']}</Tag>
      </summary>
      <div class="call-body stack" tabindex={0}>
        <Description text={operation.description} />
        {operation.parameters ? (
          <Part title={t.parameters}>
            <FieldRows ui={ui} label={t.parameters}
              rows={operation.parameters.map(({ name, required, schema, description }) => ({ name, required, schema: description ? { ...schema, description } : schema }))} />
          </Part>
        ) : null}
        {body ? (
          <Part title={t.body}>
            <FieldTable ui={ui} label={t.body} schema={body.schema} />
          </Part>
        ) : null}
        <Answers ui={ui} call={call} />
        <Part title={t.example}>
          <pre class="snippet" id={`${id}-curl`} tabindex={0}>{line}</pre>
          <div class="btns">
            <CopyButton ui={ui} from={`${id}-curl`}>{ui.t.parts.copy}</CopyButton>
          </div>
        </Part>
        {method === 'get' && !isSocket(operation) ? <TryIt ui={ui} id={id} path={examplePath(path, operation, query)} /> : null}
      </div>
    </details>
  );
}

const isSocket = (operation: Operation) => '101' in operation.responses;

/** Paragraphs, and lists of `- name: what it is`. */
function Description({ text }: { text: string }) {
  return (
    <>
      {text.split('\n\n').map((part) =>
        part.startsWith('- ') ? (
          <dl class="kv">
            {part.split('\n').map((line) => {
              const [, name, what] = /^- (\S+): (.*)$/.exec(line)!;
              return (
                <>
                  <dt><code>{name}</code></dt>
                  <dd>{what}</dd>
                </>
              );
            })}
          </dl>
        ) : (
          <p class="small soft">{part}</p>
        ),
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children?: unknown }) {
  return (
    <div class="stack-sm">
      <h3 class="small">{title}</h3>
      {children as never}
    </div>
  );
}

function Answers({ ui, call: { operation } }: { ui: Ui; call: Call }) {
  const t = ui.t.docs;
  const codes = Object.entries(operation.responses);
  const [status, good] = codes.find(([code]) => Number(code) < 300)!;
  const schema: Schema | undefined = good.content?.['application/json']?.schema;
  return (
    <>
      <Part title={t.answer({ status: Number(status) })}>
        {schema ? schema.$ref ? <p class="small"><TypeName ui={ui} schema={schema} /></p> : <FieldTable ui={ui} label={t.answer({ status: Number(status) })} schema={schema} /> : <p class="small muted">{t.noBody}</p>}
      </Part>
      <Part title={t.errors}>
        <dl class="kv">
          {codes.filter(([code]) => Number(code) >= 400).map(([code, { description }]) => (
            <>
              <dt><code>{code}</code></dt>
              <dd>{description}</dd>
            </>
          ))}
        </dl>
      </Part>
    </>
  );
}

/** Only for what reads: nobody changes a server by trying out a manual. docs.js sends it with the token typed above. */
function TryIt({ ui, id, path }: { ui: Ui; id: string; path: string }) {
  const t = ui.t.docs;
  return (
    <form class="try scripted stack-sm" method="get" data-try={`${id}-answer`}>
      <label class="small" for={`${id}-path`}>{t.tryIt}</label>
      <div class="affix">
        <input class="input mono" id={`${id}-path`} name="path" value={path} spellcheck={false} autocomplete="off" autocapitalize="none" />
        <button class="btn" type="submit">{t.send}</button>
      </div>
      <p class="small muted" role="status" data-missing={t.tokenMissing} data-no-answer={t.noAnswer}></p>
      <pre class="snippet" id={`${id}-answer`} tabindex={0} hidden></pre>
    </form>
  );
}
