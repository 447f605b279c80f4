import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..');
const recordedNode = join(repository, 'examples', 'recorded-node.json');
const entries = [
  'cri-recovery',
  ...['core', 'ports', 'containerd', 'disk', 'stdio', 'testing'].map((name) => `cri-recovery/${name}`),
];

let project: string;

const run = (command: string, args: ReadonlyArray<string>, cwd = project): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (file: string, text: string): string => {
  writeFileSync(join(project, file), text);
  return run(process.execPath, [file]);
};

/** An empty project with the packed tarball installed, as a user has it. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'cri-recovery-package-'));
  const packed: unknown = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', project], repository));
  const tarball = Array.isArray(packed) ? String(packed[0].filename) : '';
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(project, tarball)]);
}, 180_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed tarball, installed in an empty project', () => {
  it.each(entries)('is imported by plain Node: %s', (entry) => {
    expect(node('import.mjs', `console.log(Object.keys(await import('${entry}')).length)`)).toMatch(/^[1-9]\d*\n$/);
  });

  it.each(entries)('is required by plain Node: %s', (entry) => {
    expect(node('require.cjs', `console.log(Object.keys(require('${entry}')).length)`)).toMatch(/[1-9]\d*\n$/);
  });

  it('plans a node of fakes, by Promise and by fp-ts', () => {
    const text = `
      import { createPlanner, plan, policies } from 'cri-recovery';
      import { fakeContainer, fakeNode, fakePorts, fakeSandbox } from 'cri-recovery/testing';
      const ports = fakePorts(fakeNode({
        sandboxes: [fakeSandbox({ id: 'pod' })],
        containers: [fakeContainer({ id: 'app', sandboxId: 'pod', task: 'absent' })],
      }));
      const { containers } = await createPlanner(ports, { policy: policies.containerd }).plan();
      const same = await plan({ policy: policies.containerd })(ports)();
      console.log(containers[0].status.exitCode, same._tag, same.right.containers[0].status.reason);
    `;
    expect(node('plan.mjs', text)).toBe('255 Right Unknown\n');
  });

  it('needs OpenTelemetry for its own entry point alone, which says so', () => {
    expect(existsSync(join(project, 'node_modules', '@opentelemetry'))).toBe(false);
    const text = "import('cri-recovery/opentelemetry').catch(({ code, message }) => console.log(code, message))";
    expect(node('telemetry.mjs', text)).toMatch(/^ERR_MODULE_NOT_FOUND Cannot find package '@opentelemetry\/api' /);
  });

  it('makes traces where the API is installed', () => {
    const installed = join(project, 'node_modules', '@opentelemetry');
    mkdirSync(installed);
    symlinkSync(join(repository, 'node_modules', '@opentelemetry', 'api'), join(installed, 'api'));
    const text = `
      import { openTelemetryLog } from 'cri-recovery/opentelemetry';
      import { createPlanner } from 'cri-recovery';
      import { fakeNode, fakePorts } from 'cri-recovery/testing';
      import { trace } from '@opentelemetry/api';
      const span = { setAttributes: () => span, setAttribute: () => span, setStatus: () => span, end: () => {} };
      const startSpan = (name) => (console.log(name), span);
      trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) });
      await createPlanner({ ...fakePorts(fakeNode()), log: openTelemetryLog() }).plan();
    `;
    try {
      expect(node('traced.mjs', text)).toMatch(/^cri-recovery\.plan\ncri-recovery\.observe\n/);
      const required = "console.log(Object.keys(require('cri-recovery/opentelemetry')))";
      expect(node('traced.cjs', required)).toContain('openTelemetryLog');
    } finally {
      rmSync(installed, { recursive: true });
    }
  });

  it('opens nothing but its entry points', () => {
    const text = "import('cri-recovery/dist/observe.js').catch((error) => console.log(error.code))";
    expect(node('closed.mjs', text)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  it('brings the command', () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    expect(run(join(project, 'node_modules', '.bin', 'cri-recovery'), ['--version'])).toBe(`${version}\n`);
    const help = run(join(project, 'node_modules', '.bin', 'cri-recovery'), ['--help']);
    expect(help).toContain('cri-recovery plan');
    expect(readFileSync(recordedNode, 'utf8')).toContain('cri-recovery/recording@1');
  });

  it('type-checks there, its own declarations included', () => {
    symlinkSync(join(repository, 'node_modules', '@types'), join(project, 'node_modules', '@types'));
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023'],
      strict: true,
      types: ['node'],
      noEmit: true,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.mts'] }));
    const consumer = (assigned: string): string => `
      ${entries.map((entry, index) => `import * as entry${index} from '${entry}';`).join('\n')}
      import { createPlanner, type Plan, RecoveryError } from 'cri-recovery';
      import type { ReadPorts } from 'cri-recovery/ports';
      export const seen = [${entries.map((_, index) => `entry${index}`).join(', ')}];
      export const states = async (ports: ReadPorts): Promise<ReadonlyArray<bigint>> => {
        try {
          const plan: Plan = await createPlanner(ports).plan();
          return plan.containers.map(({ status }) => status.finishedAt);
        } catch (thrown) {
          if (thrown instanceof RecoveryError && thrown.failure._tag === 'NameTaken') return [];
          throw thrown;
        }
      };
      export const wrong: ${assigned} = entry0.defaultLimits.concurrency;
    `;
    const tsc = (): string => {
      const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
      return spawnSync(process.execPath, [compiler, '-p', '.'], { cwd: project, encoding: 'utf8' }).stdout;
    };
    writeFileSync(join(project, 'consumer.mts'), consumer('number'));
    expect(tsc()).toBe('');
    writeFileSync(join(project, 'consumer.mts'), consumer('string'));
    expect(tsc()).toMatch(/^consumer\.mts.*error TS2322/);
  }, 60_000);
});
