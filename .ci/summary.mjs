// Reads a result file of vitest and says in plain words what ran. Fails when a test failed, when a test against real
// containerd did not run, or when none did.
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
if (text === '') {
  console.log('no test ran');
  process.exit(1);
}
const { testResults, success } = JSON.parse(text);

const tests = testResults.flatMap(({ name: file, assertionResults }) =>
  assertionResults.map(({ fullName, status }) => ({ file, fullName, status })),
);
const count = (all, status) => all.filter((test) => test.status === status).length;

const real = tests.filter(({ file }) => file.includes('/test/containerd/'));
const notRun = real.filter(({ status }) => status !== 'passed' && status !== 'failed');
const emptyFiles = testResults.filter(({ assertionResults }) => assertionResults.length === 0);

for (const { fullName, status } of notRun) console.log(`did not run (${status}): ${fullName}`);
for (const { name, message } of emptyFiles) console.log(`no tests in ${name}: ${message}`);
console.log(
  `real containerd: ${count(real, 'passed')} passed, ${count(real, 'failed')} failed, ${notRun.length} not run`,
);
console.log(`${count(tests, 'passed')} passed, ${count(tests, 'failed')} failed`);

const ok = success && count(tests, 'failed') === 0 && count(real, 'passed') > 0 && notRun.length === 0;
process.exit(ok ? 0 : 1);
