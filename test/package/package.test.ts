import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedNodeFile } from '../recorded-node-file.js';
import { complaints } from '../schemas/validate.js';
import { uses } from './uses.js';

const repository = join(import.meta.dirname, '..', '..');
const { exports, version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
/** Entry points that are code and need nothing that is not installed with the package; the one that does has tests of its own. */
const entries = Object.entries<{ readonly types?: string }>(exports)
  .filter(([entry, { types }]) => types !== undefined && entry !== './opentelemetry')
  .map(([entry]) => entry.replace('.', 'cri-recovery'));

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: ReadonlyArray<{ readonly path: string }>;
}

let project: string;
let packed: Packed;

const run = (command: string, args: ReadonlyArray<string>, cwd = project): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (file: string, text: string): string => {
  writeFileSync(join(project, file), text);
  return run(process.execPath, [file]);
};

/** An empty project with the packed tarball installed, as a user has it. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'cri-recovery-package-'));
  [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', project], repository));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(project, packed.filename)]);
}, 180_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed tarball, installed in an empty project', () => {
  it.each(entries)('is imported by plain Node: %s', (entry) => {
    expect(node('import.mjs', `console.log(Object.keys(await import('${entry}')).length)`)).toMatch(/^[1-9]\d*\n$/);
  });

  it.each(entries)('is required by plain Node: %s', (entry) => {
    expect(node('require.cjs', `console.log(Object.keys(require('${entry}')).length)`)).toMatch(/[1-9]\d*\n$/);
  });

  it('is tried by a program at every entry point', () => {
    expect(Object.keys(uses).sort()).toStrictEqual([...entries].sort());
  });

  it.each(Object.entries(uses))('does something for a program: %s', (_, { program, prints }) => {
    expect(node('use.mjs', program)).toBe(prints);
  });

  it('gives its schemas to whoever wants to check a document', () => {
    const text = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const name of ['report', 'change', 'explanation', 'recording'])
        console.log(require('cri-recovery/schemas/' + name + '.schema.json').title);
    `;
    expect(node('schemas.mjs', text)).toMatch(/^cri-recovery\/report@1\n(cri-recovery\/\w+@1\n){3}$/);
  });

  it('holds what users need, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    const wanted =
      /^(dist\/[\w/-]+\.(js|d\.ts)|dist\/shared\/LICENSE|docs\/[\w-]+\.(md|svg)|docs\/schemas\/\w+\.schema\.json|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
    expect(paths.filter((path) => !wanted.test(path))).toStrictEqual([]);
    expect(paths.filter((path) => /test\.|^dist\/cli\/.*\.d\.ts$/.test(path))).toStrictEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/cli/main.js', 'docs/command.md']));
    expect(packed.unpackedSize).toBeLessThan(1_200_000);
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
    const command = join(project, 'node_modules', '.bin', 'cri-recovery');
    expect(run(command, ['--version'])).toBe(`${version}\n`);
    expect(run(command, ['--help'])).toContain('cri-recovery plan');
    const planned = spawnSync(command, ['plan', '--node', recordedNodeFile, '--json'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect([planned.status, planned.stderr]).toStrictEqual([1, '']);
    expect(complaints('report', JSON.parse(planned.stdout))).toStrictEqual([]);
    const missing = spawnSync(command, ['plan', '--node', 'none.json'], { cwd: project, encoding: 'utf8' });
    expect([missing.status, missing.stdout]).toStrictEqual([3, '']);
    expect(missing.stderr).toMatch(/^cri-recovery: [^\n]+\n$/);
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
