import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { QueryConfig, QueryResult } from 'pg';
import { type Migration, migrationsFolder, readMigrations } from '../../src/db/migration-files.ts';
import { projectRoot } from './owned-process.ts';

export type SchemaEngine = bindings.SchemaEngine;

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

let loaded: Promise<void> | null = null;

/**
 * Prisma's schema engine as WebAssembly from npm, since the Prisma command line downloads a program instead. Works on
 * the database of the URL and creates a shadow database beside it, so the user must be allowed to.
 */
export async function createSchemaEngine(databaseUrl: string): Promise<SchemaEngine> {
  loaded ??= load();
  await loaded;
  const adapter = bindMigrationAwareSqlAdapterFactory(migrating(databaseUrl));
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
}

/** The SQL that leads from the migrations to `schema.prisma`; null when they say the same. */
export async function diffSchema(databaseUrl: string): Promise<string | null> {
  const path = join(projectRoot, 'prisma', 'schema.prisma');
  const [content, migrations] = await Promise.all([readFile(path, 'utf8'), readMigrations()]);
  const engine = await createSchemaEngine(databaseUrl);
  const { exitCode, stdout } = await engine.diff({
    from: { tag: 'migrations', ...migrationList(migrations, migrationsFolder) },
    to: { tag: 'schemaDatamodel', files: [{ path, content }] },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return exitCode === 0 ? null : stdout;
}

/** The migrations in the form in which the engine wants them. */
export function migrationList(migrations: readonly Migration[], baseDir: string): MigrationList {
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

/** PostgreSQL's one-byte "char", of which its catalogs are full and which the adapter does not know; and text. */
const CATALOG_CHAR = 18;
const TEXT = 25;

/**
 * The adapter with what the engine needs of it: scripts as a whole instead of cut at every semicolon, also inside
 * functions, and the one-byte columns of the catalogs.
 */
function migrating(databaseUrl: string): PrismaPg {
  const factory = new PrismaPg(databaseUrl);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => completed(await connect());
  // The adapter's own would be the real database again, since a URL wins over the name that it gives beside it.
  factory.connectToShadowDb = async () => {
    const name = `prisma_shadow_${randomUUID().replaceAll('-', '')}`;
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    const owner = await connect();
    await owner.executeScript(`CREATE DATABASE "${name}"`);
    const shadow = completed(await new PrismaPg(url.href).connect());
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await owner.executeScript(`DROP DATABASE "${name}" WITH (FORCE)`);
      await owner.dispose();
    };
    return shadow;
  };
  return factory;
}

function completed(adapter: Adapter): Adapter {
  const pool = adapter.underlyingDriver();
  // The engine keeps its connections, also when the server stops.
  pool.on('error', () => {});
  const query = pool.query.bind(pool) as (config: QueryConfig | string) => Promise<QueryResult>;
  adapter.executeScript = async (script) => void (await query(script));

  const oneByteColumns = new WeakMap<object, number[]>();
  pool.query = (async (config: QueryConfig) => {
    const result = await query(config);
    const columns = result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CATALOG_CHAR ? [index] : []));
    for (const index of columns) Object.assign(result.fields[index] ?? {}, { dataTypeID: TEXT });
    oneByteColumns.set(result.rows, columns);
    return result;
  }) as typeof pool.query;

  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (sql) => {
    const result = await queryRaw(sql);
    const columns = oneByteColumns.get(result.rows) ?? [];
    const typeOf = (type: ColumnType, index: number) => (columns.includes(index) ? ColumnTypeEnum.Character : type);
    return { ...result, columnTypes: result.columnTypes.map(typeOf) };
  };
  return adapter;
}

/** Its own entry file imports the .wasm, which Node does not do without a flag. */
async function load(): Promise<void> {
  const path = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(await readFile(path), {
    './schema_engine_bg.js': { ...bindings },
  });
  setWasm(instance.exports);
}

function setWasm(exports: WebAssembly.Exports): void {
  const { __wbg_set_wasm: set } = bindings as unknown as { __wbg_set_wasm(wasm: WebAssembly.Exports): void };
  set(exports);
  const start = exports.__wbindgen_start;
  if (typeof start === 'function') start();
}
