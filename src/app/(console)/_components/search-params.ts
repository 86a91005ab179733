import { z } from 'zod';

/** Query parameters of a page, as Next hands them over. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** One parameter, '' when absent; of several the first. Without NUL, which nothing here has and no search survives. */
export function one(params: Record<string, string | string[] | undefined>, name: string): string {
  const value = params[name];
  return ((Array.isArray(value) ? value[0] : value) ?? '').replaceAll('\0', '');
}

/** The parameter, when it is one of these; else the first of them. */
export function oneOf<T extends string>(
  params: Record<string, string | string[] | undefined>,
  name: string,
  allowed: readonly [T, ...T[]],
): T {
  const value = one(params, name);
  return allowed.find((candidate) => candidate === value) ?? allowed[0];
}

/** Address of a page with these parameters; empty ones are left out. */
export function href(path: string, params: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams(Object.entries(params).filter((entry): entry is [string, string] => !!entry[1]));
  return query.size > 0 ? `${path}?${query}` : path;
}

const uuid = z.uuid();

/** Whether it can be an id; anything else is not asked for in the database. */
export function isUuid(text: string): boolean {
  return uuid.safeParse(text).success;
}
