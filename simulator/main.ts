import { parseArgs } from 'node:util';
import { startSimulator } from './index.ts';
import type { SimulatorOptions } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    seed: { type: 'string', default: 'empty' },
    version: { type: 'string' },
    'context-path': { type: 'string' },
    'base-url': { type: 'string' },
    title: { type: 'string' },
    'time-zone': { type: 'string' },
    'index-lag-ms': { type: 'string' },
    'captcha-after': { type: 'string' },
    'control-token': { type: 'string' },
  },
});

const options: SimulatorOptions = { port: Number(values.port), host: values.host, seed: values.seed };
if (values.data !== undefined) options.dataDir = values.data;
if (values.version !== undefined) options.version = values.version;
if (values['context-path'] !== undefined) options.contextPath = values['context-path'];
if (values['base-url'] !== undefined) options.baseUrl = values['base-url'];
if (values.title !== undefined) options.serverTitle = values.title;
if (values['time-zone'] !== undefined) options.timeZone = values['time-zone'];
if (values['index-lag-ms'] !== undefined) options.indexLagMs = Number(values['index-lag-ms']);
if (values['captcha-after'] !== undefined) options.captchaAfter = Number(values['captcha-after']);
if (values['control-token'] !== undefined) options.controlToken = values['control-token'];

const simulator = await startSimulator(options);
console.log(`Jira simulator at ${simulator.url} (control: ${simulator.controlUrl})`);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    void simulator.stop().then(() => process.exit(0));
  });
}
