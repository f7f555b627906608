import { blockDocs } from './block-docs.ts';
import { guardDocs } from './guard-docs.ts';
import { processDocs } from './process-docs.ts';

/** What the reference says about the nouns of the machine itself, put together. */
export const hostDocs = {
  groups: { processes: processDocs.group, blocks: blockDocs.group, guard: guardDocs.group },
  endpoints: { ...processDocs.endpoints, ...blockDocs.endpoints, ...guardDocs.endpoints },
  fields: { ...processDocs.fields, ...blockDocs.fields, ...guardDocs.fields },
};
