import { raw } from 'hono/html';

interface JsonScriptProps {
  id?: string;
  /** `importmap` needs the nonce; `application/json` is only read. */
  type?: 'application/json' | 'importmap';
  nonce?: string;
  value: unknown;
}

/** Values for the page's scripts. `<` is escaped, so that no text can end the element. */
export function JsonScript({ id, type = 'application/json', nonce, value }: JsonScriptProps) {
  return (
    <script type={type} id={id} nonce={nonce}>
      {raw(JSON.stringify(value).replace(/</g, '\\u003c'))}
    </script>
  );
}
