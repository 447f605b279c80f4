/** Another look at what is watched, against a table written from the facts. */
import { describe, expect, it, test } from 'vitest';
import { containerState } from '../../src/core/container-status.js';
import { awaitsExit, decideContainerAgain, stoppedTask } from '../../src/core/decide-again.js';
import { careful } from '../../src/core/policy.js';
import { carefulRows, containerdRows, type Row } from './tables/again.js';
import {
  later,
  look,
  type PolicyName,
  policies,
  recovered,
  seen,
  sightNames,
  stepsOf,
  told,
  toldAt,
  toldUndated,
} from './tables/known.js';
import { pids, taskCases } from './tables/readings.js';

const ofCheckpoint = ['checkpoint-missing', 'checkpoint-unreadable', 'checkpoint-foreign-version', 'checkpoint-empty'];

const cases = (name: PolicyName, rows: ReadonlyArray<Row>) =>
  rows.flatMap((row) => row.known.flatMap((known) => row.seen.map((sight) => ({ policy: name, known, sight, row }))));

describe('the table of another look', () => {
  const all = [...cases('careful', carefulRows), ...cases('containerd', containerdRows)];

  it('has no two rows for one case', () => {
    const keys = all.map(({ policy, known, sight }) => `${policy} ${known} ${sight}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(all)('$policy: $known, then $sight', ({ policy: name, known, sight, row }) => {
    const before = recovered(policies[name], known);
    const now = look(policies[name], before, sight);
    const findings = now.findings.map(({ code }) => code).filter((code) => !ofCheckpoint.includes(code));
    expect({
      state: containerState(now.status),
      status: now.status,
      monitored: now.monitored,
      steps: stepsOf(now),
      findings: [...new Set(findings)]
        .sort()
        .filter((code) => code !== 'checkpoint-not-written')
        .join(' '),
      performed: now.performed,
    }).toEqual({
      state: row.state,
      status: { ...before.status, ...row.set, unknown: now.status.unknown },
      monitored: row.monitored ?? false,
      steps: row.steps,
      findings: row.findings ?? '',
      performed: [],
    });
    expect(now.status.unknown).toBe(row.state === 'UNKNOWN' && (name === 'careful' || now.status.unknown));
  });

  test.each(
    all.filter(({ known, sight, row }) => {
      const isNew =
        known === 'LOST silent' || known === 'LOST foreign' || known.startsWith('EXITED') || known === 'LOST absent';
      return row.set?.reason === undefined && !isNew && sight !== 'absent' && sight !== 'half deleted';
    }),
  )('$policy: $known out of memory, then $sight', ({ policy: name, known, sight, row }) => {
    const before = recovered(policies[name], known);
    const [plain, killed] = [look(policies[name], before, sight), look(policies[name], before, sight, true)];
    expect(killed.status).toEqual({ ...plain.status, reason: 'OOMKilled' });
    expect(containerState(killed.status)).toBe(row.state);
    expect(stepsOf(killed).replace('WriteCheckpoint', '').trim()).toBe(
      stepsOf(plain).replace('WriteCheckpoint', '').trim(),
    );
    expect(stepsOf(killed)).toContain(containerState(killed.status) === 'UNKNOWN' ? '' : 'WriteCheckpoint');
  });
});

describe('what follows from an exit that is told', () => {
  it.each(['careful', 'containerd'] as const)('is wanted while somebody waits for it, under %s', (name) => {
    const policy = policies[name];
    expect(awaitsExit(policy, recovered(policy, 'RUNNING'))).toBe(true);
    expect(awaitsExit(policy, recovered(policy, 'EXITED'))).toBe(false);
    expect(awaitsExit(policy, recovered(policy, 'CREATED'))).toBe(false);
    expect(awaitsExit(policy, recovered(policy, 'silent RUNNING'))).toBe(name === 'careful');
    expect(awaitsExit(policy, recovered(policy, 'EXITED unseen'))).toBe(name === 'careful');
  });

  it('is a look at a stopped task, without a time where the shim had none', () => {
    const exit = { pid: pids.task, exitStatus: 9 };
    expect(stoppedTask('c1', { ...exit, exitedAt: toldAt })).toStrictEqual(told);
    for (const exitedAt of [0n, -6_795_364_578_871_345_152n])
      expect(stoppedTask('c1', { ...exit, exitedAt })).toStrictEqual(toldUndated);
  });

  it('its status is an int32, as the checkpoint has it', () => {
    const minusOne = stoppedTask('c1', { pid: 1, exitStatus: 4_294_967_295, exitedAt: toldAt });
    const before = recovered(careful, 'RUNNING');
    const now = decideContainerAgain(careful, later)(before, { ...seen('told'), task: minusOne });
    expect(now.status.exitCode).toBe(-1);
  });
});

test('every task that a recovery tells apart is looked at', () => {
  expect(sightNames).toEqual(expect.arrayContaining([...taskCases]));
});
