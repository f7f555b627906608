import { z } from 'zod';
import { blocksStanding } from '../core/blocks/apply.ts';
import { BLOCK_FIELDS, blockListsOf, exportBlockList, listBlocks, readBlock } from '../core/blocks/blocks.ts';
import { blockAddress, BlockInput, unblock } from '../core/blocks/change.ts';
import { importList, ImportInput, previewImport, removeList } from '../core/blocks/import.ts';
import { BLOCK_SOURCES } from '../db/schema/blocks.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, MaybeTime, Time } from './schemas.ts';

const Block = z
  .object({
    id: z.number().int(),
    address: means(z.string(), 'blockAddress'),
    until: means(z.number().nullable(), 'blockUntil'),
    comment: z.string(),
    source: means(z.enum(BLOCK_SOURCES), 'blockSource'),
    list: z.object({ id: z.string(), name: z.string() }).nullable(),
    createdBy: z.string(),
    createdAt: Time,
  })
  .meta({ id: 'Block' });

const BlockList = z
  .object({ id: z.string(), name: z.string(), entries: z.number().int(), until: means(z.number().nullable(), 'blockUntil'), createdBy: z.string(), createdAt: Time, changedAt: Time })
  .meta({ id: 'BlockList' });

const ImportResult = z
  .object({
    id: means(z.string().nullable(), 'importId'),
    added: z.number().int(),
    known: means(z.number().int(), 'importKnown'),
    repeated: means(z.number().int(), 'importRepeated'),
    removed: means(z.number().int(), 'importRemoved'),
    refused: means(z.array(z.object({ line: z.number().int(), text: z.string(), why: z.string() })), 'importRefused'),
  })
  .meta({ id: 'BlockImport' });

const ImportBody = ImportInput.extend({
  name: means(ImportInput.shape.name, 'importName'), text: means(ImportInput.shape.text, 'importText'),
  until: means(ImportInput.shape.until, 'blockUntil'), replace: means(ImportInput.shape.replace, 'importReplace'), check: means(z.boolean().default(false), 'importCheck'),
});

/** Further ones of a bad list say nothing new. */
const REFUSED_MOST = 1000;
const Id = z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const ListId = z.strictObject({ id: z.string().max(64) });

export const blocks = [
  endpoint({
    id: 'blocks.list', method: 'get', path: '/firewall/blocks', permission: 'blocks.read', status: 200,
    query: z.strictObject({ ...listFields(BLOCK_FIELDS, '-createdAt'), q: means(z.string().max(200).optional(), 'blockFind'), source: z.enum(BLOCK_SOURCES).optional(), list: z.string().max(64).optional() }),
    response: collection(Block),
    example: { query: 'q=203.0.113.7' },
    async run(app, actor, { query }) {
      return answer(listBlocks(app, actor, { ...pageQuery(query), q: query.q, source: query.source, list: query.list }), query.sort);
    },
  }),
  endpoint({
    id: 'blocks.standing', method: 'get', path: '/firewall/blocks/standing', permission: 'blocks.read', status: 200,
    response: z.object({
      tool: means(z.string(), 'blockTool'), refusal: means(z.string().nullable(), 'blockRefusal'), ranges: means(z.number().int(), 'blockRanges'), fault: z.string().nullable(), putBackAt: MaybeTime,
    }).meta({ id: 'BlocksStanding' }),
    async run(app) {
      const { tool, refusal, segments, fault, putBackAt } = await blocksStanding(app);
      return { tool, refusal, ranges: segments, fault: fault ? (fault.detail ?? fault.code) : null, putBackAt };
    },
  }),
  endpoint({
    id: 'blocks.create', method: 'post', path: '/firewall/blocks', permission: 'blocks.write', status: 201,
    body: BlockInput.extend({ address: means(BlockInput.shape.address, 'blockAddress'), until: means(BlockInput.shape.until, 'blockUntil') }),
    response: Block, refusals: ['unsupported', 'unavailable'],
    example: { body: { address: '198.51.100.0/24', comment: 'scanner' } },
    run: async (app, actor, { body }) => readBlock(app, actor, await blockAddress(app, actor, body)),
  }),
  endpoint({
    id: 'blocks.lift', method: 'delete', path: '/firewall/blocks/{id}', permission: 'blocks.write', status: 204,
    params: Id, refusals: ['unavailable'],
    run: (app, actor, { params }) => unblock(app, actor, params.id),
  }),
  endpoint({
    id: 'blocks.import', method: 'post', path: '/firewall/blocks/import', permission: 'blocks.write', status: 200,
    body: ImportBody, response: ImportResult, refusals: ['unsupported', 'unavailable'],
    example: { body: { name: 'Scanners', text: '203.0.113.7\n198.51.100.0/24 # why', replace: true } },
    async run(app, actor, { body: { check, ...body } }) {
      const done = check ? { id: null, ...(await previewImport(app, actor, body)) } : await importList(app, actor, body);
      return { ...done, refused: done.refused.slice(0, REFUSED_MOST) };
    },
  }),
  endpoint({
    id: 'blocks.lists', method: 'get', path: '/firewall/blocks/lists', permission: 'blocks.read', status: 200,
    response: z.object({ items: z.array(BlockList) }),
    run: async (app, actor) => ({ items: blockListsOf(app, actor) }),
  }),
  endpoint({
    id: 'blocks.export', method: 'get', path: '/firewall/blocks/lists/{id}', permission: 'blocks.read', status: 200, gives: 'text/plain',
    params: ListId,
    run: async (app, actor, { params }) => new Response(exportBlockList(app, actor, params.id), { headers: { 'content-type': 'text/plain; charset=utf-8' } }),
  }),
  endpoint({
    id: 'blocks.remove_list', method: 'delete', path: '/firewall/blocks/lists/{id}', permission: 'blocks.write', status: 204,
    params: ListId, refusals: ['unavailable'],
    run: (app, actor, { params }) => removeList(app, actor, params.id),
  }),
];
