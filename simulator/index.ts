export type * from './control/api.ts';
export type { Fault, FaultEffect, FaultMatch, WebhookFaults } from './faults/types.ts';
export type * from './seed/types.ts';
export type { SimulatorOptions } from './options.ts';
export { connectControl } from './control/client.ts';
export { startSimulator } from './server/start.ts';
export type { Simulator } from './server/start.ts';
