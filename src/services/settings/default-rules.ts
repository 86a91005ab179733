import { type ConnectionRules, generateBasicRules } from '#/engine/rules/basic-rules.ts';

/** The rules that a new connection in Basic mode gets, for viewing before it is made. */
export function defaultRules(): ConnectionRules {
  return generateBasicRules();
}

export type { ConnectionRules };
