/** What the library and the command print is what the schemas say, and nothing else is. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import {
  createRecovery,
  createWatcher,
  decide,
  encodeChange,
  encodeExplanation,
  encodeRecording,
  encodeReport,
  explain,
  policies,
  type ReportedChange,
  reportChange,
  reportPlan,
} from '../../src/index.js';
import { fakePorts, observationOf, withFaults } from '../../src/testing/index.js';
import { arbitraryObservation } from '../arbitraries/observation.js';
import { runHere } from '../cli/spawned-command.js';
import { arbitraryNode, arbitraryPolicy } from '../core/arbitraries.js';
import { read } from '../docs-code/blocks.js';
import { exampleNode } from '../faults/example-node.js';
import { recordedNodeFile } from '../recorded-node-file.js';
import { mutationsOf } from './mutations.js';
import { complaints, type SchemaName, schemas } from './validate.js';

const valid = (name: SchemaName, text: string): void => expect(complaints(name, JSON.parse(text))).toStrictEqual([]);

const printed = async (...args: ReadonlyArray<string>): Promise<string> =>
  (await runHere(['plan', '--node', recordedNodeFile, '--json', ...args])).stdout;

const failing = [
  { port: 'tasks', operation: 'delete', subject: 'ended', effect: { error: 'Unavailable' } },
  { port: 'checkpoints', operation: 'write', subject: 'gone', effect: { error: 'NoSpace' } },
  { port: 'checkpoints', operation: 'keepAside', effect: { error: 'Denied' } },
  { port: 'directories', operation: 'quarantine', effect: { error: 'Unexpected' } },
] as const;

const recoveredReport = async (
  policy: keyof typeof policies,
  faults: typeof failing | readonly [],
): Promise<string> => {
  const plan = await createRecovery(withFaults(fakePorts(exampleNode), faults), { policy: policies[policy] }).recover();
  return encodeReport(reportPlan(plan, 1.5));
};

describe('the schema of the report', () => {
  it('accepts every plan, of any node under any policy', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryNode, arbitraryObservation), arbitraryPolicy, (node, policy) => {
        const plan = decide(policy, node.takenAt)(node);
        if (E.isRight(plan)) valid('report', encodeReport(reportPlan(plan.right, 0)));
      }),
      { numRuns: 300 },
    );
  });

  it.each(['careful', 'containerd'] as const)('accepts what became of a plan under policy %s', async (policy) => {
    valid('report', await recoveredReport(policy, []));
    const disturbed = await recoveredReport(policy, failing);
    valid('report', disturbed);
    expect(disturbed).toContain('"failed"');
  });

  it('accepts what the command prints of the recorded node', async () => {
    valid('report', await printed());
  });

  it('accepts nothing else: no key more, no key less, no other type, anywhere', async () => {
    const document = JSON.parse(await recoveredReport('careful', failing));
    const mutations = mutationsOf(document);
    expect(mutations.length).toBeGreaterThan(700);
    const accepted = mutations.filter(({ value }) => complaints('report', value).length === 0);
    expect(accepted.map(({ name }) => name)).toStrictEqual([]);
  });
});

describe('the schema of a change', () => {
  const changesOf = async (): Promise<ReadonlyArray<ReportedChange>> => {
    const ports = fakePorts(exampleNode);
    const { recovered, changes, stop } = await createWatcher(ports).watch();
    ports.exit('up', 1);
    const told: ReportedChange[] = [{ change: 'recovered', at: 1n, report: reportPlan(recovered, 1) }];
    for await (const change of changes) {
      told.push(reportChange(change, 2n));
      if (told.some(({ change }) => change === 'sandbox') && told.some(({ change }) => change === 'container')) break;
      if (change._tag === 'SandboxChanged') ports.exit('fine', 137);
    }
    await stop();
    return told;
  };

  it('accepts every kind, and nothing else', async () => {
    const all: ReadonlyArray<ReportedChange> = [
      ...(await changesOf()),
      { change: 'connection-lost', at: 3n, error: 'gone' },
      { change: 'connection-back', at: 4n },
      { change: 'io-trouble', at: 5n, id: 'c', name: 'n', phase: 'over', error: 'full', dropped: 3 },
      { change: 'ended', at: 6n, error: 'no' },
    ];
    const { properties } = schemas.change as { readonly properties: { readonly change: { readonly enum: object } } };
    expect([...new Set(all.map(({ change }) => change))].sort()).toStrictEqual(
      [...(properties.change.enum as ReadonlyArray<string>)].sort(),
    );
    for (const change of all) {
      const text = encodeChange(change);
      valid('change', text);
      const accepted = mutationsOf(JSON.parse(text)).filter(({ value }) => complaints('change', value).length === 0);
      expect(accepted.map(({ name }) => `${change.change}: ${name}`)).toStrictEqual([]);
    }
  });
});

describe('the schema of an explanation', () => {
  it('accepts every item of any node under any policy', () => {
    fc.assert(
      fc.property(arbitraryNode, arbitraryPolicy, (node, policy) => {
        for (const id of ['a', 'b', 'c', 'x', '']) {
          const explanation = explain(policy, node, id);
          if (O.isSome(explanation)) valid('explanation', encodeExplanation(explanation.value));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(['fine', 'newer', 'still'])('accepts nothing else than what is told of %s', (id) => {
    const explanation = explain(policies.careful, observationOf(exampleNode), id);
    if (O.isNone(explanation)) throw new Error(`there is no ${id}`);
    const text = encodeExplanation(explanation.value);
    valid('explanation', text);
    const accepted = mutationsOf(JSON.parse(text)).filter(({ value }) => complaints('explanation', value).length === 0);
    expect(accepted.map(({ name }) => name)).toStrictEqual([]);
  });

  it('accepts what the command prints', async () => {
    valid('explanation', await printed('--explain', '14a38a6e'));
  });
});

describe('the schema of a recording', () => {
  it('accepts every observation', () => {
    fc.assert(
      fc.property(arbitraryObservation, (observation) => {
        valid('recording', encodeRecording(observation));
      }),
      { numRuns: 200 },
    );
  });

  it('accepts the recorded node, and nothing that has a key more', () => {
    const text = read('examples/recorded-node.json');
    valid('recording', text);
    const more = mutationsOf(JSON.parse(encodeRecording(observationOf(exampleNode)))).filter(
      ({ name }) => name.startsWith('a key more') && !/labels$/.test(name),
    );
    expect(more.length).toBeGreaterThan(50);
    expect(more.filter(({ value }) => complaints('recording', value).length === 0).map(({ name }) => name)).toEqual([]);
  });
});

describe('the words in the schemas', () => {
  const definitions = schemas.report.$defs as Readonly<Record<string, { readonly enum?: ReadonlyArray<string> }>>;
  const declared = (file: string, start: string): ReadonlyArray<string> =>
    [...(read(file).split(start)[1]?.split(';\n')[0] ?? '').matchAll(/'([^']+)'/g)].map(([, word = '']) => word);

  it.each([
    ['findingCode', 'src/core/finding.ts', 'type FindingCode ='],
    ['origin', 'src/core/evidence.ts', 'type Origin ='],
    ['checkpointFate', 'src/core/container-decision.ts', 'type CheckpointFate ='],
    ['containerState', 'src/core/container-status.ts', 'type ContainerState ='],
    ['sandboxState', 'src/core/sandbox-status.ts', 'type SandboxState ='],
    ['actionName', 'src/core/report.ts', 'readonly action:'],
  ])('are those of the code: %s', (name, file, start) => {
    expect(declared(file, start).length).toBeGreaterThan(2);
    expect([...(definitions[name]?.enum ?? [])].sort()).toStrictEqual([...declared(file, start)].sort());
  });

  it('are those of the code: the policy', () => {
    const rows = [...read('src/core/policy.ts').matchAll(/readonly (\w+): '([^']+)' \| '([^']+)';/g)];
    const { policy } = schemas.report.$defs as { readonly policy: { readonly properties: object } };
    expect(policy.properties).toEqual(Object.fromEntries(rows.map(([, row, ...values]) => [row, { enum: values }])));
  });
});
