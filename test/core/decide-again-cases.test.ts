/** Another look, case by case: what a table of one known thing and one sight cannot show. */
import { describe, expect, test } from 'vitest';
import type { ContainerDecision } from '../../src/core/container-decision.js';
import { containerState } from '../../src/core/container-status.js';
import { decideContainer } from '../../src/core/decide-container.js';
import { finding } from '../../src/core/finding.js';
import { careful, containerd } from '../../src/core/policy.js';
import { finish } from './every-way.js';
import { observedContainer } from './records.js';
import { codesOf, type KnownName, look, recovered, type SightName, stepsOf, workOff } from './tables/known.js';
import { outcomes } from './tables/path.js';
import { type CheckpointCase, type TaskCase, times } from './tables/readings.js';

describe('cases that a table does not show', () => {
  test('a container without checkpoint whose silent task turns out to be gone stays UNKNOWN, and no CREATED is written', () => {
    const now = look(careful, recovered(careful, 'LOST silent'), 'absent');
    expect(containerState(now.status)).toBe('UNKNOWN');
    expect(stepsOf(now)).toBe('');
  });

  test('nor is it CREATED after a second look at nothing', () => {
    expect(containerState(look(careful, recovered(careful, 'LOST absent'), 'absent').status)).toBe('UNKNOWN');
  });

  test('a created task is left alone where there was none before: whoever starts the container has just made it', () => {
    expect(stepsOf(look(careful, recovered(careful, 'CREATED'), 'created'))).not.toContain('DeleteTask');
  });

  test('a task that could not be deleted is not, for as long as it is half deleted; the next recovery deletes it', () => {
    for (const task of ['stopped', 'half deleted'] as const) {
      const decided = decideContainer(careful, times.now)(observedContainer(task, 'CREATED'));
      const before = workOff(careful, decided, { DeleteTask: outcomes.TimedOut });
      const again = look(careful, before, 'half deleted');
      expect(codesOf(again)).toBe('task-not-deleted');
      expect(stepsOf(again)).not.toContain('DeleteTask');
      expect(codesOf(look(careful, again, 'absent'))).toBe('');
    }
  });

  test('a container that has its FIFOs gets no others: they are the embedder’s by now', () => {
    const before = workOff(careful, decideContainer(careful, times.now)(observedContainer('absent', 'CREATED')), {
      CreateIo: { _tag: 'IoCreated', stdio: { stdin: '', stdout: '/run/a', stderr: '/run/b', terminal: false } },
    });
    expect(stepsOf(look(careful, before, 'absent'))).not.toContain('CreateIo');
  });

  test('an exit that is told after it had to be guessed takes the guessed reason with it', () => {
    expect(look(careful, recovered(careful, 'EXITED unseen'), 'told').status).toMatchObject({
      exitCode: 9,
      reason: '',
    });
  });

  test.each(['running', 'told', 'stopped'] as const)(
    'out of memory is kept where the status is rebuilt from a %s task',
    (sight) => {
      expect(look(careful, recovered(careful, 'LOST silent'), sight, true).status.reason).toBe('OOMKilled');
    },
  );

  test('the output of a stopped container that was silent until now is read before its task is deleted', () => {
    expect(stepsOf(look(careful, recovered(careful, 'silent RUNNING'), 'stopped'))).toBe(
      'AttachIo WriteCheckpoint DeleteTask',
    );
  });

  test('a write that fails time and again while the task is silent is found once', () => {
    const full = { WriteCheckpoint: outcomes.NoSpace };
    let decision = recovered(careful, 'dirty start');
    for (let round = 0; round < 3; round += 1) decision = workOff(careful, look(careful, decision, 'timed out'), full);
    expect(decision.findings.filter(({ code }) => code === 'checkpoint-not-written')).toHaveLength(1);
  });

  test('nothing is odd about the write any more once it got done, though the task is silent', () => {
    const decision = workOff(careful, look(careful, recovered(careful, 'dirty start'), 'timed out'));
    expect(decision.checkpoint).toBe('written');
    expect(codesOf(decision)).toBe('task-not-answering');
  });

  test('a foreign checkpoint is as odd after another look as before: nobody has touched it', () => {
    const before = decideContainer(careful, times.now)(observedContainer('running', 'LOST foreign', 'known'));
    expect(codesOf(look(careful, finish(careful, times.now, before), 'running'))).toContain(
      'checkpoint-foreign-version',
    );
  });

  test('a running container in a sandbox that is not ready is found in one after another look too', () => {
    const before = recovered(careful, 'RUNNING');
    const stranded = { ...before, findings: [{ code: 'sandbox-not-ready', message: '' } as const] };
    expect(codesOf(look(careful, stranded, 'running'))).toBe('sandbox-not-ready');
  });

  test('an exit that was told evidences what it said, and being out of memory its reason', () => {
    const exited = look(careful, recovered(careful, 'EXITED unseen'), 'told', true);
    expect(exited.evidence).toMatchObject({ pid: 'task', exitCode: 'task', finishedAt: 'task', reason: 'task' });
    const plain = look(careful, recovered(careful, 'RUNNING'), 'told');
    expect(plain.evidence).toMatchObject({ pid: 'task', reason: 'checkpoint' });
  });

  test('whether a task may be alive is what was seen, and what was known before where nothing could be seen', () => {
    const after = (known: KnownName, sight: SightName) => look(careful, recovered(careful, known), sight).mayBeAlive;
    expect([after('CREATED', 'running'), after('RUNNING', 'absent')]).toStrictEqual([true, false]);
    expect([after('CREATED', 'timed out'), after('RUNNING', 'timed out')]).toStrictEqual([false, true]);
    expect([after('CREATED', 'created'), after('RUNNING', 'created')]).toStrictEqual([false, true]);
  });

  test('a created container whose task is created as it is looked at has nothing to be found and nothing to be done', () => {
    expect(look(careful, recovered(careful, 'CREATED'), 'created')).toMatchObject({ findings: [], steps: [] });
  });

  test('under containerd an exit that is told after it was guessed has nothing to be found', () => {
    expect(look(containerd, recovered(containerd, 'EXITED unseen'), 'told').findings).toStrictEqual([]);
  });

  test('a container that ended before it was known to have started gets no FIFOs for another start', () => {
    const decided = decideContainer(careful, times.now)(observedContainer('stopped', 'CREATED'));
    const ended = finish(careful, times.now, decided);
    expect(ended.status.startedAt).toBe(0n);
    const now = look(careful, ended, 'absent');
    expect([containerState(now.status), stepsOf(now)]).toStrictEqual(['EXITED', '']);
  });

  test('a container whose checkpoint has no time in it stays UNKNOWN, and no CREATED is written', () => {
    const decided = decideContainer(careful, times.now)(observedContainer('absent', 'ZERO'));
    const now = look(careful, decided, 'absent');
    expect([containerState(now.status), stepsOf(now)]).toStrictEqual(['UNKNOWN', '']);
  });

  test('there is a file once it was written, or was there before', () => {
    const fate = (task: TaskCase, checkpoint: CheckpointCase) => {
      const decided = decideContainer(careful, times.now)(observedContainer(task, checkpoint, 'known'));
      return look(careful, finish(careful, times.now, decided), task).checkpoint;
    };
    expect(fate('running', 'LOST missing')).toBe('unchanged');
    expect(fate('timed out', 'LOST missing')).toBe('none');
    expect(fate('timed out', 'LOST foreign')).toBe('unchanged');
    expect(fate('running', 'RUNNING')).toBe('unchanged');
  });

  const ofTask = ['task-paused', 'task-unexpected', 'task-kept', 'task-not-deleted', 'exit-unseen'] as const;
  const ofRecord = ['name-shadowed', 'metadata-id-differs', 'sandbox-missing', 'sandbox-not-ready'] as const;
  const others = ['wait-failed', 'checkpoint-not-written', 'checkpoint-missing', 'task-not-answering'] as const;
  const all = [...ofRecord, ...ofTask, 'exit-time-missing', 'io-degraded', ...others] as const;
  const odd = (decision: ContainerDecision) => ({ ...decision, findings: all.map((code) => finding(code, 'before')) });

  test('what was found of a task stands while it is silent, with the silence said once and anew', () => {
    expect(look(careful, odd(recovered(careful, 'RUNNING')), 'timed out').findings).toStrictEqual([
      ...[...ofRecord, ...ofTask, 'exit-time-missing', 'io-degraded'].map((code) => ({ code, message: 'before' })),
      { code: 'task-not-answering', message: 'the task does not answer: answered TimedOut' },
    ]);
  });

  test('what was found of a record stands whatever is seen, and nothing else does', () => {
    expect(look(careful, odd(recovered(careful, 'RUNNING')), 'running').findings).toStrictEqual(
      ofRecord.map((code) => ({ code, message: 'before' })),
    );
  });

  // Under containerd nobody looks again, so that whatever is waited for stays waited for.
  test.each(['paused', 'created'] as const)(
    'under containerd a running container that is seen %s is waited for as before',
    (sight) => {
      expect(look(containerd, recovered(containerd, 'RUNNING'), sight).monitored).toBe(true);
    },
  );

  test('under containerd a lost container stays UNKNOWN until its exit, as the flag does', () => {
    expect(containerState(look(containerd, recovered(containerd, 'LOST rebuilt'), 'running').status)).toBe('UNKNOWN');
  });
});
