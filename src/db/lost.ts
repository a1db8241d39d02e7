/** Connection exceptions, shut-downs, and transactions that only need to be tried again (PostgreSQL, appendix A). */
const PASSING = /^(08|57P0[123]|40001|40P01|53300)/;
const UNREACHED = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/;
const BROKEN =
  /connection terminated|connection ended|client has encountered a connection error|timeout exceeded when trying to connect/i;

/** Whether what was thrown says that Postgres was not there, or its connection broke: the same may work a little later. */
export function isDatabaseLost(error: unknown): boolean {
  const { code = '', message = '', syscall } = error as { code?: string; message?: string; syscall?: string };
  const isSocketMissing = code === 'ENOENT' && syscall === 'connect'; // not a file of ours that is missing
  return isSocketMissing || PASSING.test(code) || UNREACHED.test(code) || BROKEN.test(message);
}
